"""A catalogue is valid against the UBL 2.1 schema and against Peppol's own model and code lists;
mutants are not.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from pim.errors import Invalid
from pim.feeds import registry
from pim.feeds.contract import Listing
from pim.feeds.options import read_options
from tests.exporters.peppol import Peppol, read_peppol


@pytest.fixture(scope="module")
def schema(shared: Path) -> etree.XMLSchema:
    return etree.XMLSchema(
        file=str(shared / "specs/schemas/ubl/xsd-2.1/maindoc/UBL-Catalogue-2.1.xsd")
    )


@pytest.fixture(scope="module")
def peppol(shared: Path) -> Peppol:
    return read_peppol(shared / "specs/schemas/peppol/structure")


def test_the_schema_accepts_it(build: Callable[..., Any], schema: etree.XMLSchema) -> None:
    schema.assertValid(etree.parse(build("ubl_catalogue").path))


def test_peppol_has_no_complaint(build: Callable[..., Any], peppol: Peppol) -> None:
    assert peppol.complaints(build("ubl_catalogue").path) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<cbc:IssueDate>2026-11-22</cbc:IssueDate>", ""),
        ("<cbc:StartDate>2026-11-22<", "<cbc:StartDate>22-11-2026<"),
        ("<cbc:ID>ZZ7-ROOD</cbc:ID><cbc:OrderableIndicator>", "<cbc:OrderableIndicator>"),
        ("<cbc:OrderableIndicator>true<", "<cbc:OrderableIndicator>ja<"),
    ],
)
def test_the_schema_refuses_a_mutant(
    build: Callable[..., Any], schema: etree.XMLSchema, old: str, new: str
) -> None:
    mutant = build("ubl_catalogue").text.replace(old, new, 1)
    assert not schema.validate(etree.fromstring(mutant.encode()))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('currencyID="EUR"', 'currencyID="EURO"', "EURO is not in ISO4217"),
        ('unitCode="EA"', 'unitCode="PIECE"', "PIECE is not in UNECERec20"),
        ('schemeID="0160"', "", "cbc:ID lacks schemeID"),
        (
            "<cbc:CustomizationID>",
            "<cbc:UBLVersionID>2.1</cbc:UBLVersionID><cbc:CustomizationID>",
            "cbc:UBLVersionID does not belong",
        ),
        ("<cbc:IssueDate>2026-11-22</cbc:IssueDate>", "", "cbc:IssueDate is 0 times"),
        ("<cbc:BrandName>Van Dam &amp; Zn<", "<cbc:BrandName><", "cbc:BrandName is empty"),
        ('schemeID="0088"', 'schemeID="9999"', "9999 is not in"),
        ("<cbc:IdentificationCode>NL<", "<cbc:IdentificationCode>NLD<", "NLD is not in ISO3166"),
        ('listID="HS"', 'listID="customs"', "customs is not in UNCL7143"),
    ],
)
def test_peppol_complains_about_a_mutant(
    build: Callable[..., Any], peppol: Peppol, old: str, new: str, complaint: str
) -> None:
    built = build("ubl_catalogue")
    assert old in built.text
    built.path.write_text(built.text.replace(old, new, 1), encoding="utf-8")
    assert any(complaint in one for one in peppol.complaints(built.path)), peppol.complaints(
        built.path
    )


def test_a_rate_of_nothing_is_another_category(build: Callable[..., Any]) -> None:
    """PEPPOL-T19-R015: category S has a rate above zero."""
    text = build("ubl_catalogue").text
    assert text.count("<cbc:ID>S</cbc:ID><cbc:Percent>21<") == 2
    assert text.count("<cbc:ID>Z</cbc:ID><cbc:Percent>0<") == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<cbc:Percent>21</cbc:Percent>", "<cbc:Percent>0</cbc:Percent>", "do not fit together"),
        (">S</cbc:ID>", ">E</cbc:ID>", "do not fit together"),
        ("749.00</cbc:PriceAmount>", "-749.00</cbc:PriceAmount>", "-749.00 is not above zero"),
        ("<cbc:BrandName>Van Dam &amp; Zn</cbc:BrandName>", "<cbc:BrandName/>", "“BrandName” is"),
    ],
)
def test_the_finished_file_is_verified_as_a_partner_does(
    build: Callable[..., Any], tmp_path: Path, old: str, new: str, said: str
) -> None:
    built = build("ubl_catalogue")
    assert list(built.exporter.verify(built.path)) == []
    assert old in built.text
    path = tmp_path / "mutant.xml"
    path.write_text(built.text.replace(old, new, 1), encoding="utf-8")
    (problem,) = built.exporter.verify(path)
    assert problem.is_error
    assert said in str(problem.message)


def test_a_category_without_tax_has_no_rate(build: Callable[..., Any]) -> None:
    exporter = build("ubl_catalogue", {"tax_category": "E"}).exporter
    listing = Listing("X", "X", None)
    listing["tax_rate"] = "21"
    assert [one.rule for one in exporter.check(listing)] == ["no_rate"]
    listing["tax_rate"] = "0"
    assert list(exporter.check(listing)) == []


def test_a_gln_has_its_check_digit() -> None:
    """PEPPOL-COMMON-R040."""
    given = {
        "provider_name": "A",
        "provider_endpoint": "8712345000005",
        "receiver_name": "B",
        "receiver_endpoint": "12345678",
    }
    with pytest.raises(Invalid) as raised:
        read_options(registry.get("ubl_catalogue"), given)
    assert set(raised.value.messages) == {"provider_endpoint", "receiver_endpoint"}
    assert read_options(
        registry.get("ubl_catalogue"),
        given | {"provider_scheme": "0106", "receiver_scheme": "0106"},
    )
