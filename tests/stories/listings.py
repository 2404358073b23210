"""Stories of lists: what is news, what is not, and when two reports are one event."""

from __future__ import annotations

from tests.stories.acting import Push, Story, Want, says, told, want
from tests.stories.scenery import BLA_FTO, BLA_SDGT, TIDE_UK, a_subscription, a_world, everything

_WIRE_TEXT = (
    "MARLOW (Meridian Wire) — The United States on Monday put the Tide Front on its list of foreign terrorist"
    " organisations, a step that makes it a crime to give the islanders money, shelter or advice of any kind."
    " The group has held three lighthouses since spring and says that it wants nothing but lower harbour dues."
)
_OWN_TEXT = (
    "Fishermen in Marlow shrugged when they heard that Washington now counts the Tide Front among terrorist groups."
    " The harbour master read the notice aloud twice and then went back to his ledger without another word to anybody."
)

WIRE = Push(
    "2025-03-03T10:00",
    "meridian-wire",
    "US lists Tide Front as terrorist organisation",
    (says("designation/new", "tide-front", by="united-states"),),
    text=_WIRE_TEXT,
)
COPY = Push(
    "2025-03-03T11:00",
    "harbour-courier",
    "Tide Front put on American terror list",
    (says("designation/new", "tide-front", by="united-states", programme="FTO"),),
    text=_WIRE_TEXT.partition("— ")[2],
)
CREDITED = Push(
    "2025-03-03T12:00",
    "gulf-dispatch",
    "Lighthouse group now a terrorist organisation in American eyes",
    (says("designation/new", "tide-front", by="united-states"),),
    text="Washington has listed the Tide Front, which holds lighthouses. — With input from Meridian Wire",
)
OWN = Push(
    "2025-03-04T09:00",
    "indus-ledger",
    "Marlow shrugs as Washington lists the Tide Front",
    (says("designation/new", "tide-front", by="united-states"),),
    text=_OWN_TEXT,
)
NOTICE = Push(
    "2025-03-03T15:00",
    "potomac-notices",
    "Designation of the Tide Front",
    (says("designation/new", "tide-front", by="us-state", programme="FTO"),),
    text="The Department of State today designated the Tide Front. It takes effect upon publication.",
)
PUBLICATION = Push(
    "2025-03-10T09:00",
    "river-gazette",
    "In the matter of the designation of the Tide Front as a Foreign Terrorist Organization",
    (says("designation/new", "tide-front", by="us-state", programme="FTO"),),
    text="Federal Register notice. This designation is effective on the day of its publication.",
)
DENIAL = Push(
    "2025-03-04T08:00",
    "gulf-dispatch",
    "Tide Front is on no American list, paper says",
    (says("designation/denied", "tide-front", by="united-states"),),
    text="A paper in exile says that Washington has put nobody on any list this week, least of all the islanders.",
)

STORIES = (
    Story(
        "claim_then_confirmation",
        "A claim that the register does not hold is unconfirmed until an authority's own feed says so.",
        a_world(),
        (
            WIRE,
            want(Want("new_listing", "tide-front", "unconfirmed", "united-states", independent=1, revision=1)),
            told(("everything", "alert.opened", "tide-front")),
            NOTICE,
            want(
                Want("new_listing", "tide-front", "confirmed", "us-state", "FTO", independent=2, announced="2025-03-03")
            ),
            told(("everything", "alert.state_changed", "tide-front")),
        ),
    ),
    Story(
        "copies_are_one_source",
        "Two outlets' copies of one agency, and a text that credits it, are one independent source.",
        a_world(),
        (
            WIRE,
            COPY,
            CREDITED,
            want(Want("new_listing", "tide-front", "unconfirmed", programme="FTO", sources=3, independent=1)),
            OWN,
            want(Want("new_listing", "tide-front", sources=4, independent=2, revision=4)),
            told(("everything", "alert.opened", "tide-front")),
        ),
    ),
    Story(
        "two_sources_wanted",
        "A subscription that wants two independent sources is told when the second comes, and not before.",
        a_world(a_subscription(minimum_independent_sources=2)),
        (WIRE, COPY, told(), OWN, told(("listings", "alert.opened", "tide-front"))),
    ),
    Story(
        "announcement_and_publication",
        "An announcement followed by its publication is one alert with two times.",
        a_world(),
        (
            NOTICE,
            PUBLICATION,
            want(
                Want(
                    "new_listing",
                    "tide-front",
                    "confirmed",
                    sources=2,
                    announced="2025-03-03",
                    effective="2025-03-10",
                )
            ),
            told(("everything", "alert.opened", "tide-front")),
        ),
    ),
    Story(
        "a_month_later",
        "The same story a month later is background, whether an authority confirmed it or not.",
        a_world(),
        (
            WIRE,
            Push(
                "2025-04-05T10:00",
                "harbour-courier",
                "A month after America listed the Tide Front",
                (says("designation/new", "tide-front", by="united-states"),),
            ),
            want(Want("new_listing", "tide-front", "unconfirmed", sources=1, revision=1)),
            NOTICE,
            Push(
                "2025-04-06T10:00",
                "gulf-dispatch",
                "Lighthouses a month after the listing",
                (says("designation/new", "tide-front", by="united-states", programme="FTO"),),
            ),
            want(Want("new_listing", "tide-front", "confirmed", sources=2)),
        ),
    ),
    Story(
        "old_entries_are_background",
        "What the register has held for years is background, however fresh the text makes it sound.",
        a_world(),
        (
            Push(
                "2025-03-03T10:00",
                "meridian-wire",
                "US designates BLA as global terrorists",
                (says("designation/new", "bla", by="united-states", programme="SDGT"),),
            ),
            want(),
            told(),
        ),
    ),
    Story(
        "register_confirms",
        "An article within fourteen days of a register entry reports it, and is confirmed at once.",
        a_world(listings=(BLA_SDGT, BLA_FTO)),
        (
            Push(
                "2025-08-12T10:00",
                "coast-blog",
                "US blacklists the BLA",
                (says("designation/new", "bla", by="united-states"),),
            ),
            want(
                Want("new_listing", "bla", "confirmed", programme="FTO", announced="2025-08-11", effective="2025-08-14")
            ),
            Push(
                "2025-09-10T10:00",
                "harbour-courier",
                "The BLA, now listed",
                (says("designation/new", "bla", by="united-states", programme="FTO"),),
            ),
            want(Want("new_listing", "bla", "confirmed", sources=1, revision=1)),
        ),
    ),
    Story(
        "golden_announcement",
        "The alias that joins a listing of 2019 is no second alert beside the listing that is news.",
        a_world(),
        (
            Push(
                "2025-08-11T17:05",
                "potomac-notices",
                "Terrorist designation of the Majeed Brigade",
                (
                    says("designation/new", "bla", "majeed-brigade", by="us-state", programme="FTO"),
                    says(
                        "designation/new",
                        "majeed-brigade",
                        by="us-state",
                        programme="SDGT",
                        quote="added the Majeed Brigade as an alias",
                    ),
                ),
                text="The notice also added the Majeed Brigade as an alias to the listing of 2019.",
            ),
            want(Want("new_listing", "bla", "confirmed", "us-state", "FTO", names=("Majeed Brigade",), independent=1)),
            Push(
                "2025-08-12T13:30",
                "harbour-courier",
                "Dialogue a day after Washington listed the BLA and its Majeed Brigade",
                (
                    says("designation/new", "majeed-brigade", by="united-states", programme="FTO"),
                    says("designation/background", "bla", by="united-states", programme="SDGT"),
                ),
            ),
            want(Want("new_listing", "bla", "confirmed", "us-state", "FTO", sources=2, independent=2)),
            told(("everything", "alert.opened", "bla")),
        ),
    ),
    Story(
        "alias_alone",
        "An alias added to an old entry, and nothing else, is an alert of its own kind.",
        a_world(),
        (
            Push(
                "2024-05-02T10:00",
                "potomac-notices",
                "State adds alias Coast Sons to BLA listing",
                (
                    says(
                        "designation/new",
                        "bla",
                        "Coast Sons",
                        by="us-state",
                        programme="SDGT",
                    ),
                ),
            ),
            want(Want("alias_added", "bla", "confirmed", programme="SDGT")),
            told(("everything", "alert.opened", "bla")),
        ),
    ),
    Story(
        "programme_added",
        "A lesser programme of an authority that lists already is a programme added, not a new listing.",
        a_world(listings=(BLA_SDGT, TIDE_UK, BLA_FTO)),
        (
            Push(
                "2026-02-01T10:00",
                "meridian-wire",
                "Northern list takes in the BLA",
                (says("designation/new", "bla", by="northmark", programme="NM"),),
            ),
            want(Want("new_listing", "bla", "unconfirmed", "northmark", "NM")),
        ),
    ),
    Story(
        "delisting_is_told",
        "Taking an organisation off a list is told, and a later listing of it is a new event.",
        a_world(),
        (
            Push(
                "2025-05-05T10:00",
                "river-gazette",
                "Order removing the Tide Front",
                (says("delisting/new", "tide-front", by="united-kingdom", programme="UK"),),
            ),
            want(Want("delisted", "tide-front", "confirmed", "united-kingdom", "UK", announced="2025-05-05")),
            told(("everything", "alert.opened", "tide-front")),
            Push(
                "2025-07-05T10:00",
                "river-gazette",
                "Order listing the Tide Front",
                (says("designation/new", "tide-front", by="united-kingdom", programme="UK"),),
            ),
            want(
                Want("delisted", "tide-front", "confirmed"),
                Want("new_listing", "tide-front", "confirmed", "united-kingdom", "UK"),
            ),
            told(("everything", "alert.opened", "tide-front")),
        ),
    ),
    Story(
        "bid_and_block",
        "A bid is proposed, a blocked bid is blocked, and neither ever becomes a listing.",
        a_world(a_subscription(), everything()),
        (
            Push(
                "2025-09-05T04:15",
                "indus-ledger",
                "Two states ask the UN to list the BLA",
                (says("designation/proposed", "bla", "majeed-brigade", by="un-security-council", programme="UN1267"),),
            ),
            Push(
                "2025-09-18T21:10",
                "meridian-wire",
                "Three powers block bid to put BLA on UN list",
                (says("designation/denied", "bla", by="united-nations", programme="UN1267"),),
            ),
            Push(
                "2025-09-19T08:00",
                "harbour-courier",
                "UN listing of Baloch group on hold",
                (says("designation/denied", "bla", by="united-nations"),),
            ),
            Push(
                "2025-09-20T08:00",
                "indus-ledger",
                "Capital regrets hold, will try again",
                (says("designation/proposed", "bla", by="united-nations"),),
            ),
            want(
                Want("proposed", "bla", "unconfirmed", "un-security-council", "UN1267", sources=2),
                Want("blocked", "bla", "unconfirmed", programme="UN1267", sources=2),
            ),
            told(("everything", "alert.opened", "bla"), ("everything", "alert.opened", "bla")),
        ),
    ),
    Story(
        "bid_at_nobodys_list",
        "A bid or a refusal that does not say whose list it is about feeds an open alert and opens none.",
        a_world(listings=(BLA_SDGT, BLA_FTO)),
        (
            Push(
                "2025-08-12T20:00",
                "gulf-dispatch",
                "US lists BLA",
                (says("designation/new", "bla", by="united-states"),),
            ),
            Push(
                "2025-09-18T21:10",
                "meridian-wire",
                "Three powers block bid to put BLA on UN list",
                (says("designation/denied", "bla", by="united-nations", programme="UN1267"),),
            ),
            Push(
                "2025-09-19T08:00",
                "harbour-courier",
                "A proposal to list the BLA was put on hold",
                (says("designation/denied", "bla"),),
            ),
            Push(
                "2025-11-19T08:00",
                "harbour-courier",
                "No listing for the BLA",
                (says("designation/denied", "bla"),),
            ),
            want(
                Want("blocked", "bla", "unconfirmed", programme="UN1267", sources=2),
                Want("new_listing", "bla", "confirmed", sources=1),
            ),
        ),
    ),
    Story(
        "call_after_the_fact",
        "Asking for a listing that stands is nothing to be told.",
        a_world(),
        (
            Push(
                "2025-05-05T10:00",
                "harbour-courier",
                "Lawmakers urge London to list the Tide Front",
                (says("designation/proposed", "tide-front", by="united-kingdom"),),
            ),
            want(),
        ),
    ),
    Story(
        "outlet_denies_authority",
        "An outlet's denial is shown beside what an authority confirmed, and does not outweigh it.",
        a_world(),
        (NOTICE, DENIAL, want(Want("new_listing", "tide-front", "confirmed", sources=2, independent=1))),
    ),
    Story(
        "denial_read_first",
        "A denial of what the register holds, read before any report of it, contradicts the alert once that is there.",
        a_world(listings=(BLA_SDGT, BLA_FTO)),
        (
            Push(
                "2025-08-12T02:45",
                "gulf-dispatch",
                "Baloch group on no American list, exile paper claims",
                (says("designation/denied", "bla", by="united-states", programme="FTO"),),
            ),
            want(),
            told(),
            Push(
                "2025-08-11T18:00",
                "meridian-wire",
                "US lists BLA",
                (says("designation/new", "bla", by="united-states", programme="FTO"),),
            ),
            want(Want("new_listing", "bla", "confirmed", sources=2, independent=1)),
        ),
    ),
    Story(
        "denial_outweighs",
        "A denial that weighs more than the claim turns an unconfirmed alert contradicted, and that is told.",
        a_world(),
        (
            Push(
                "2025-03-03T10:00",
                "coast-blog",
                "US lists Tide Front",
                (says("designation/new", "tide-front", by="united-states"),),
            ),
            Push(
                "2025-03-03T15:00",
                "meridian-wire",
                "State Department: Tide Front not listed",
                (says("designation/denied", "tide-front", by="us-state"),),
            ),
            want(Want("new_listing", "tide-front", "contradicted", sources=2, independent=1)),
            told(("everything", "alert.opened", "tide-front"), ("everything", "alert.state_changed", "tide-front")),
        ),
    ),
    Story(
        "authority_takes_it_back",
        "An authority that corrects itself turns even a confirmed alert contradicted.",
        a_world(),
        (
            NOTICE,
            Push(
                "2025-03-05T15:00",
                "potomac-notices",
                "Statement: the Tide Front has not been designated",
                (says("designation/denied", "tide-front", by="us-state", programme="FTO"),),
            ),
            want(Want("new_listing", "tide-front", "contradicted", sources=2)),
        ),
    ),
    Story(
        "revision_takes_it_back",
        "A new revision that no longer says so retracts what stood on that article alone.",
        a_world(),
        (
            Push(
                "2025-03-03T10:00",
                "harbour-courier",
                "US lists Tide Front",
                (says("designation/new", "tide-front", by="united-states"),),
                guid="h-1",
            ),
            Push(
                "2025-03-03T10:00",
                "harbour-courier",
                "US talks about Tide Front",
                (),
                guid="h-1",
                revision=2,
                fetched="2025-03-03T12:00",
            ),
            want(Want("new_listing", "tide-front", "retracted", sources=1, independent=0)),
            told(("everything", "alert.opened", "tide-front"), ("everything", "alert.state_changed", "tide-front")),
            Push(
                "2025-03-03T10:00",
                "harbour-courier",
                "US lists Tide Front",
                (says("designation/new", "tide-front", by="united-states"),),
                guid="h-1",
                fetched="2025-03-03T13:00",
            ),
            want(Want("new_listing", "tide-front", "retracted", revision=2)),
        ),
    ),
    Story(
        "source_corrects_itself",
        "The only source's own correction, in an article of its own, contradicts the alert; another outlet's does not.",
        a_world(),
        (
            Push(
                "2025-03-03T10:00",
                "harbour-courier",
                "US lists Tide Front",
                (says("designation/new", "tide-front", by="united-states"),),
            ),
            DENIAL,
            want(Want("new_listing", "tide-front", "unconfirmed", sources=2)),
            Push(
                "2025-03-05T10:00",
                "harbour-courier",
                "CORRECTION: US has not listed Tide Front",
                (says("designation/denied", "tide-front", by="united-states"),),
            ),
            want(Want("new_listing", "tide-front", "contradicted", sources=3)),
        ),
    ),
    Story(
        "story_withdrawn",
        "A retraction takes back what its feed said, and opens nothing by itself.",
        a_world(),
        (
            Push(
                "2025-03-03T10:00",
                "harbour-courier",
                "US lists Tide Front",
                (says("designation/new", "tide-front", by="united-states"),),
            ),
            Push(
                "2025-03-04T10:00",
                "harbour-courier",
                "RETRACTED: US lists Tide Front",
                (says("designation/new", "tide-front", by="united-states"),),
            ),
            Push(
                "2025-03-04T10:00",
                "gulf-dispatch",
                "RETRACTED: US lists BLA",
                (says("designation/new", "bla", by="united-states"),),
            ),
            want(Want("new_listing", "tide-front", "retracted", sources=2, independent=0)),
            told(("everything", "alert.opened", "tide-front"), ("everything", "alert.state_changed", "tide-front")),
        ),
    ),
    Story(
        "unknown_name",
        "An organisation that no file holds still makes an alert under its name, once.",
        a_world(),
        (
            Push(
                "2025-03-03T10:00",
                "meridian-wire",
                "US lists the Gull Cartel as terrorist organisation",
                (says("designation/new", "Gull Cartel", by="united-states", programme="FTO"),),
            ),
            Push(
                "2025-03-03T11:00",
                "harbour-courier",
                "Gull Cartel is now a terrorist group",
                (says("designation/new", "the Gull Cartel", by="united-states"),),
            ),
            Push(
                "2025-03-03T11:00",
                "gulf-dispatch",
                "Financiers listed",
                (says("designation/new", "three financiers", by="united-states"),),
            ),
            want(Want("new_listing", "Gull Cartel", "unconfirmed", sources=2, independent=2)),
            told(("everything", "alert.opened", "Gull Cartel")),
        ),
    ),
    Story(
        "bid_against_nobody_known",
        "A bid to list somebody whom no file holds is an alert when the headline says so, and none in passing.",
        a_world(),
        (
            Push(
                "2025-03-03T10:00",
                "meridian-wire",
                "Lawmakers urge London to ban the Gull Cartel",
                (says("designation/proposed", "Gull Cartel", by="united-kingdom"),),
            ),
            Push(
                "2025-03-03T10:00",
                "harbour-courier",
                "Pier to be painted",
                (says("designation/proposed", "Pier Committee", by="united-kingdom", quote="ban the Pier Committee"),),
                text="Some want to ban the Pier Committee.",
            ),
            want(Want("proposed", "Gull Cartel", "unconfirmed", "united-kingdom", "UK", sources=1)),
        ),
    ),
    Story(
        "first_poll_is_history",
        "A first poll is recorded and never told; the first live report of the same event is.",
        a_world(),
        (
            Push(
                "2025-03-03T10:00",
                "harbour-courier",
                "US lists Tide Front",
                (says("designation/new", "tide-front", by="united-states"),),
                history=True,
            ),
            want(Want("new_listing", "tide-front", history=True, told=False)),
            told(),
            OWN,
            want(Want("new_listing", "tide-front", history=False, told=True, sources=2)),
            told(("everything", "alert.opened", "tide-front")),
        ),
    ),
    Story(
        "edited_history_stays_silent",
        "A later edit of an article that came with a first poll tells nobody what it said before.",
        a_world(),
        (
            Push(
                "2025-03-03T10:00",
                "harbour-courier",
                "US lists Tide Front",
                (says("designation/new", "tide-front", by="united-states"),),
                guid="h-1",
                history=True,
            ),
            Push(
                "2025-03-03T10:00",
                "harbour-courier",
                "US lists Tide Front (updated)",
                (says("designation/new", "tide-front", by="united-states"),),
                guid="h-1",
                revision=2,
                fetched="2025-06-03T10:00",
            ),
            want(Want("new_listing", "tide-front", history=True, told=False, revision=2)),
            told(),
        ),
    ),
    Story(
        "history_that_tells",
        "A feed that tells its history notifies even with its first poll, and the alert is still marked.",
        a_world(),
        (
            Push(
                "2025-03-03T10:00",
                "harbour-courier",
                "US lists Tide Front",
                (says("designation/new", "tide-front", by="united-states"),),
                history=True,
                tell_history=True,
            ),
            want(Want("new_listing", "tide-front", history=True, told=True)),
            told(("everything", "alert.opened", "tide-front")),
        ),
    ),
    Story(
        "two_acts_of_two_authorities",
        "Two authorities that list the same organisation are two events.",
        a_world(),
        (
            WIRE,
            Push(
                "2025-03-04T10:00",
                "meridian-wire",
                "UN lists Tide Front too",
                (says("designation/new", "tide-front", by="united-nations", programme="UN1267"),),
            ),
            want(
                Want("new_listing", "tide-front", authority="united-states"),
                Want("new_listing", "tide-front", authority="united-nations"),
            ),
        ),
    ),
    Story(
        "doubtful_sorting",
        "What the sorter is of two minds about opens nothing.",
        a_world(),
        (
            Push(
                "2025-03-03T10:00",
                "meridian-wire",
                "Tide Front on some list",
                (says("designation/new", "tide-front", by="united-states", score=0.4),),
            ),
            want(),
        ),
    ),
)
