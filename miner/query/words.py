"""Words of queries that carry no subject, and the wordings of stances."""

from __future__ import annotations

from miner.taxonomy import Stance

FUNCTION = frozenset(
    """a about across against all also am among amongst an and any are as at be been being between
    both but by can concerning could describe did do does doing done during each either every find
    for from give had has have having how i if in include including into is it its list like me
    mention mentioned mentioning mentions most much my no of on only or other our out over please
    regarding related relating s say saying says search show some such tell than that the their
    them then there these they this those through throughout to towards under up upon us used
    using via was we were what when where whether which while who whose why with within would
    you your address addressed addresses addressing discuss discusses cover covers covering talk
    contain contains containing taken take makes make made compare compared comparison
    versus vs""".split()
)

# Nouns that say "documents" or "those who write them".
CONTAINERS = frozenset(
    """document strategy policy paper text plan report publication file source passage
    country nation state government member region world""".split()
)
# Words before such a noun that add nothing in a collection of national cyber strategies.
MODIFIERS = frozenset(
    "national cyber security cybersecurity official governmental different various many".split()
)
NEGATORS = frozenset({"not", "without", "excluding", "except", "exclude", "minus"})
# What may stand between a negator and what it rules out.
BRIDGES = frozenset(
    """a an the any for from on about in mention mentions mentioning include including includes
    address addressing cover covering have having has related to by those of with""".split()
)
# What may follow an organisation's name and mean those who belong to it.
MEMBERS = frozenset({"member", "members", "states", "countries", "as"})
NO_NEGATION_BEFORE = frozenset({"only", "just", "least", "necessarily"})

# Longest first; a tuple's items are alternatives for one word.
STANCES: tuple[tuple[tuple[frozenset[str], ...], Stance], ...] = tuple(
    (tuple(frozenset(word.split("|")) for word in pattern.split()), stance)
    for pattern, stance in (
        ("already|currently has|have|had established|adopted|implemented|created", Stance.IN_PLACE),
        ("has|have|had already established|adopted|implemented|created", Stance.IN_PLACE),
        ("has|have|had already been established|adopted|implemented|created", Stance.IN_PLACE),
        ("already been established|adopted|implemented|created", Stance.IN_PLACE),
        ("has|have already", Stance.IN_PLACE),
        ("already in place|force|operation", Stance.IN_PLACE),
        (
            "already has|have|had|exist|exists|existing|established|adopted|implemented"
            "|operational|operate|operates|operating|running|created",
            Stance.IN_PLACE,
        ),
        ("has|have established|adopted|implemented|created", Stance.IN_PLACE),
        ("in place|force", Stance.IN_PLACE),
        (
            "make|makes|made commitment|commitments|promise|promises|pledge|pledges",
            Stance.COMMITMENT,
        ),
        (
            "commit|commits|committed|committing|pledge|pledges|pledged|promise|promises|promised"
            "|plan|plans|planned|planning|intend|intends|intended|undertake|undertakes|vow|vows to",
            Stance.COMMITMENT,
        ),
        ("committed|commits|commit themselves|itself to", Stance.COMMITMENT),
        (
            "commitment|commitments|pledge|pledges|pledged|promise|promises|promised"
            "|undertakings|undertakes|undertake",
            Stance.COMMITMENT,
        ),
    )
)
# "will" is a verb between a subject and a verb, and a noun after these.
# "plan to" is a verb, unless one of these makes it a noun.
NOUN_PLAN_AFTER = frozenset(
    "a the action national implementation master strategic their its this contingency".split()
)
NOUN_WILL_AFTER = frozenset({"political", "free", "good", "the", "a", "no", "strong", "common"})

STANCE_LABELS = {
    Stance.COMMITMENT: "commitment",
    Stance.IN_PLACE: "in place",
    Stance.DESCRIPTIVE: "descriptive",
    Stance.NOISE: "noise",
}

# English words and names of people that are one letter from a country or a label; found by trying
# the 30,000 words of a language model's vocabulary.
NOT_MISSPELT = frozenset(
    """angela banish barbarian bender berman bonfire bonnet brutish budged cameron dominic draining
    fender fiance finish franco francs gambit germain gorman granada greene herman hungry iberian
    indiana inland javanese kerman lender olivia overnight pajama prussia prussian raining render
    roland romani sender siberia siberian skulls spills stills straining surname syriac trailing
    trance trench vanish wrench""".split()
)
