"""Every provider explains itself, and none takes the name of another."""

from pim.providers.registry import all_providers, source_names


def test_the_providers_of_the_hub() -> None:
    assert list(all_providers()) == [
        "axes",
        "axis_names",
        "categories",
        "category",
        "category_codes",
        "channel_category",
        "channel_category_path",
        "family",
        "family_code",
        "hub_id",
        "identifier",
        "link",
        "model",
        "picture",
        "pictures",
        "root",
    ]


def test_a_mapping_names_them_with_a_dollar_sign() -> None:
    assert {name.removeprefix("$"): kind for name, kind in source_names().items()} == dict(
        all_providers()
    )


def test_each_says_what_it_is() -> None:
    for code, provider in all_providers().items():
        assert (provider.code, bool(str(provider.label)), bool(str(provider.help))) == (
            code,
            True,
            True,
        )
