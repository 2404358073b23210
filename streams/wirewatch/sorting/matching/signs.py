"""Names the signs that speak for or against a short or ordinary name being the organisation that we know.

`beside` and `company` find them, `points` weighs them. The values stand in `tables/points.toml`.
"""

from __future__ import annotations

from enum import StrEnum


class Sign(StrEnum):
    """One thing about a name at one place of one article."""

    # What stands right beside it.
    #: "ABC militants"
    MEMBERS = "members"
    #: "ABC leader": of a group, a party or a firm.
    PEOPLE = "people"
    #: "ABC ambushed"
    ACTS = "acts"
    #: "ABC says"
    SPEECH = "speech"
    #: "truce with ABC"
    AFTER_GROUP = "after-group-word"
    #: "the militant group ABC"
    BRANDED = "branded"
    #: "ABC visa"
    THING = "thing"
    #: "ABC's menu"
    OWNS_THING = "owns-thing"
    #: "ABC, a choir", "ABC, a rebel group"
    EXPLAINED_THING = "explained-thing"
    EXPLAINED_GROUP = "explained-group"
    #: "ABC Harbour"
    LONGER_BEHIND = "longer-behind"
    #: "Harbour ABC"
    LONGER_BEFORE = "longer-before"
    #: "your ABC"
    ONE_OF_MANY = "one-of-many"
    #: "ABC 40 million"
    NUMBER = "number"
    #: "Prof ABC"
    TITLE = "title"
    #: "in ABC"
    PLACE = "place"
    #: A country of the organisation, or another one, owns it: "Colombia's ABC".
    OWNER_OWN = "owner-own"
    OWNER_FOREIGN = "owner-foreign"
    #: The same with a kind between: "Colombian party ABC", or behind: "ABC of Colombia".
    KIND_OWN = "kind-own"
    KIND_FOREIGN = "kind-foreign"
    SEAT_OWN = "seat-own"
    SEAT_FOREIGN = "seat-foreign"
    #: "the tanker ABC"
    AFTER_THING = "after-thing"
    #: Somebody owns it of whom nothing is known: "Baker's ABC".
    OWNER_UNKNOWN = "owner-unknown"

    # What the article says nearby, and elsewhere.
    TELLING_NEAR = "telling-near"
    TELLING_MANY = "telling-many"
    TELLING_FAR = "telling-far"
    GROUP_NEAR = "group-near"
    LISTING_NEAR = "listing-near"
    ORDINARY_NEAR = "ordinary-near"
    ORDINARY_MANY = "ordinary-many"
    OTHER_GROUP = "other-group"
    OTHER_GROUP_NEAR = "other-group-near"
    #: Words of the organisation's own context, by kind: of its names, its country, other places and people, its topic.
    OWN_NAME_NEAR = "own-name-near"
    OWN_NAME_FAR = "own-name-far"
    OWN_COUNTRY_NEAR = "own-country-near"
    OWN_COUNTRY_FAR = "own-country-far"
    OWN_PLACE_NEAR = "own-place-near"
    OWN_PLACE_FAR = "own-place-far"
    OWN_TOPIC_NEAR = "own-topic-near"
    OWN_TOPIC_FAR = "own-topic-far"
    #: People of the organisation.
    OWN_PERSON_NEAR = "own-person-near"
    OWN_PERSON_FAR = "own-person-far"
    #: Several such words, of whatever kind, near.
    OWN_MANY = "own-many"
    #: Words of what else bears the name: journalists beside RSF.
    OTHER_SENSE_NEAR = "other-sense-near"
    OTHER_SENSE_FAR = "other-sense-far"
    OTHER_SENSE_MANY = "other-sense-many"
    #: A region or town of its country, and of others only.
    TOWN_OWN_NEAR = "town-own-near"
    TOWN_OWN_FAR = "town-own-far"
    TOWN_FOREIGN_NEAR = "town-foreign-near"
    TOWN_FOREIGN_ONLY = "town-foreign-only"
    COUNTRY_NAMED = "country-named"
    FOREIGN_ONLY = "foreign-only"

    # What the name is like.
    WEAK = "weak"
    #: A full name that cannot stand alone only because capitals tell nothing here.
    FULL = "full"
    WORDS = "words"
    SHORT = "short"
    COMMON = "common"
    #: Small letters among capitals: LeT.
    MIXED = "mixed-case"
    EVERYDAY = "everyday"
    UNRELIABLE = "unreliable-letters"

    # Signs that others are missing.
    #: A place or country speaks for it, and no word of groups, violence or lists does.
    ONLY_PLACE = "only-place"
    #: Nothing of the organisation's own stands in the article, neither words nor country, and right beside the name
    #: no word that only groups have.
    UNTIED = "untied"
    #: Nothing of its own, but such a word.
    NOT_OWN = "not-own"
    #: A short form of everyday news without any word right beside it that only groups have.
    COMMON_BARE = "common-bare"
    #: The same with nothing of the organisation's own but, maybe, its country.
    COMMON_UNTIED = "common-untied"


#: What only groups have beside them, or what speaks of groups around.
OF_GROUPS = frozenset((Sign.MEMBERS, Sign.BRANDED, Sign.AFTER_GROUP, Sign.PEOPLE, Sign.ACTS, Sign.EXPLAINED_GROUP))
OF_TOPIC = frozenset((Sign.TELLING_NEAR, Sign.GROUP_NEAR, Sign.LISTING_NEAR, Sign.TELLING_FAR, Sign.OWN_TOPIC_NEAR))
OF_PLACE = frozenset(
    (
        *(Sign.OWN_PLACE_NEAR, Sign.OWN_COUNTRY_NEAR, Sign.OWN_PLACE_FAR, Sign.OWN_COUNTRY_FAR, Sign.COUNTRY_NAMED),
        *(Sign.TOWN_OWN_NEAR, Sign.TOWN_OWN_FAR),
    )
)
OF_OWN = OF_PLACE | {
    Sign.OWN_PERSON_NEAR,
    Sign.OWN_PERSON_FAR,
    Sign.OWN_NAME_NEAR,
    Sign.OWN_NAME_FAR,
    Sign.OWN_TOPIC_NEAR,
    Sign.OWN_TOPIC_FAR,
    Sign.OTHER_GROUP_NEAR,
}
OF_ITS_WORDS = frozenset(
    (
        Sign.OWN_PERSON_NEAR,
        Sign.OWN_PERSON_FAR,
        Sign.OWN_NAME_NEAR,
        Sign.OWN_NAME_FAR,
        Sign.OWN_PLACE_NEAR,
        Sign.OWN_TOPIC_NEAR,
        Sign.OTHER_GROUP_NEAR,
        Sign.OTHER_GROUP,
    )
)
#: Without any of these a short name is not read, whatever else.
EVIDENCE = OF_GROUPS | OF_TOPIC | OF_OWN
#: What speaks against a name that would stand alone, in an article that says nothing of groups.
AGAINST = frozenset(
    (
        *(Sign.THING, Sign.LONGER_BEHIND, Sign.LONGER_BEFORE, Sign.ONE_OF_MANY, Sign.NUMBER, Sign.TITLE),
        *(Sign.OWNS_THING, Sign.EXPLAINED_THING),
        Sign.OWNER_FOREIGN,
    )
)
