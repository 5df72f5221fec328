"""Which of the demo shop's products are approved, and which are still worked on."""

IN_REVIEW = ("KL-2320", "TE-4220", "AC-6950")
IN_DRAFT = ("FI-1320", "RU-5120", "AC-6821")
RETIRED = ("AC-6032",)


def status(identifier: str) -> str:
    """What the demo makes of a product or model: "approved" for all that is complete, save these
    articles and their variants.
    """
    for word, codes in (("review", IN_REVIEW), ("draft", IN_DRAFT), ("retired", RETIRED)):
        if any(identifier == code or identifier.startswith(f"{code}-") for code in codes):
            return word
    return "approved"
