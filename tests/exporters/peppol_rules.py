"""The asserts that Peppol's validator makes on a catalogue, one XPath each: what it calls fatal.
The numbers are those of its rules (PEPPOL-COMMON and PEPPOL-T19).
"""

from pathlib import Path

from lxml import etree

from tests.exporters.peppol import NAMES

VAT = "cac:Item/cac:ClassifiedTaxCategory[cac:TaxScheme/cbc:ID='VAT']"
RULES = {
    "COMMON-R001": "not(//*[not(*)][not(normalize-space())])",
    "COMMON-R030": "not(//cbc:*[contains(local-name(), 'Date')][string-length(.) != 10"
    " or translate(., '0123456789', 'dddddddddd') != 'dddd-dd-dd'])",
    "T19-R001": "/ubl:Catalogue/cac:ValidityPeriod/cbc:StartDate",
    "T19-R004": "not(//cac:ProviderParty[not(cac:PartyLegalEntity/cbc:RegistrationName)])",
    "T19-R005": "not(//cac:ReceiverParty[not(cac:PartyLegalEntity/cbc:RegistrationName)])",
    "T19-R006": "not(//cac:Price/cbc:PriceAmount[not(number(.) >= 0)])",
    "T19-R008": "not(//cbc:MinimumOrderQuantity[not(number(.) > 0)])",
    "T19-R009": "not(//cbc:MaximumOrderQuantity[not(number(.) > 0)])",
    "T19-R010": "not(//cac:CatalogueLine[cbc:MaximumOrderQuantity < cbc:MinimumOrderQuantity])",
    "T19-R012": "not(//cac:Item[not(cac:SellersItemIdentification/cbc:ID)]"
    "[not(cac:StandardItemIdentification/cbc:ID)])",
    "T19-R014": f"not(//cac:CatalogueLine/{VAT}[not(cbc:Percent)][cbc:ID != 'O'])",
    "T19-R015": f"not(//cac:CatalogueLine/{VAT}[cbc:ID = 'S'][not(cbc:Percent > 0)])",
    "T19-R017": "starts-with(/ubl:Catalogue/cbc:ProfileID,"
    " 'urn:fdc:peppol.eu:poacc:bis:catalogue')",
    "T19-R018": "starts-with(/ubl:Catalogue/cbc:CustomizationID,"
    " 'urn:fdc:peppol.eu:poacc:trns:catalogue:3')",
    "amounts": "not(//cbc:ContentUnitQuantity[not(number(.) > 0)])",
    "ids": "not(//cac:CatalogueLine[cbc:ID = preceding-sibling::cac:CatalogueLine[1]/cbc:ID])",
}


def broken_rules(document: Path) -> list[str]:
    """The rules that it breaks; nothing where a partner takes it."""
    tree = etree.parse(document)
    found = {rule: tree.xpath(assertion, namespaces=NAMES) for rule, assertion in RULES.items()}
    return [rule for rule, result in found.items() if not result]
