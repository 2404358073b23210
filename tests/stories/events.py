"""Stories of events that are no listings: what is one happening, what are two, and what makes no alert."""

from __future__ import annotations

from datetime import date

from tests.stories.acting import Push, Story, Want, says, told, want
from tests.stories.scenery import a_world, everything

BOMBING = Push(
    "2025-06-02T18:00",
    "meridian-wire",
    "Bomb kills eleven outside stadium in Marlow",
    (says("attack_bombing/new", agents=("ember-league",), place="Marlow"),),
    text="A bomb killed eleven outside a stadium in Marlow as a rally ended.",
)
CLAIM = Push(
    "2025-06-03T06:00",
    "harbour-courier",
    "Ember League claims stadium bomb in Marlow, toll rises",
    (says("attack_claim/new", agents=("ember-league",), place="Marlow"),),
    text="The Ember League said that it had set the bomb outside the stadium in Marlow, as the toll rose to fifteen.",
)
OTHER_PLACE = Push(
    "2025-06-03T08:00",
    "meridian-wire",
    "Gunmen of Ember League attack road camp near Tarn",
    (says("attack_armed/new", agents=("ember-league",), place="Tarn"),),
    text="Gunmen shot at a road camp near Tarn at dawn.",
)

RAID = Push(
    "2025-09-11T10:00",
    "meridian-wire",
    "Army says it killed eight fighters of Ember League in Tarn raid",
    (says("security_operation/new", "ember-league", place="Tarn"),),
)
CORRECTION = Push(
    "2025-09-29T12:00",
    "meridian-wire",
    "CORRECTION: Army says it killed six fighters of Ember League in Tarn raid, not eight",
    (says("security_operation/new", "ember-league", place="Tarn"),),
)

STORIES = (
    Story(
        "attack_and_claim",
        "A bombing and its claim are one event with two sources.",
        a_world(),
        (
            BOMBING,
            CLAIM,
            want(Want("event", "ember-league", sources=2, independent=2)),
            told(("everything", "alert.opened", "ember-league"), ("everything", "alert.state_changed", "ember-league")),
        ),
    ),
    Story(
        "two_attacks",
        "Two attacks of one organisation in two places are two events.",
        a_world(),
        (
            BOMBING,
            OTHER_PLACE,
            want(Want("event", "ember-league", sources=1), Want("event", "ember-league", sources=1)),
        ),
    ),
    Story(
        "nobody_watched",
        "An event without an organisation that the files hold makes no alert.",
        a_world(),
        (
            Push(
                "2025-06-02T18:00",
                "meridian-wire",
                "Police hold a dozen in Marlow",
                (says("arrest/new", "Some Gang", agents=("united-kingdom",)),),
            ),
            Push(
                "2025-06-02T18:00",
                "harbour-courier",
                "Ember League, which bombed a stadium",
                (says("attack_bombing/background", agents=("ember-league",)),),
            ),
            want(),
        ),
    ),
    Story(
        "history_at_the_end",
        "What a text tells only after its lede, or of another fortnight, is background and makes no alert.",
        a_world(),
        (
            Push(
                "2025-06-02T18:00",
                "harbour-courier",
                "Marlow opens a second fish market",
                (says("attack_bombing/new", agents=("ember-league",), quote="The Ember League bombed the first one."),),
                text="Stalls and scales. " * 60 + "The Ember League bombed the first one.",
            ),
            Push(
                "2025-06-02T19:00",
                "gulf-dispatch",
                "Ember League bombing remembered",
                (says("attack_bombing/new", agents=("ember-league",), occurred_on=date(2025, 4, 1)),),
            ),
            want(),
        ),
    ),
    Story(
        "second_party_is_watched_too",
        "Whoever takes part counts: a list of the second organisation named makes the subscription match.",
        a_world(
            everything("uk-list", organisations=("list:uk",)), everything("us-list", organisations=("list:us-fto",))
        ),
        (
            Push(
                "2025-06-02T18:00",
                "harbour-courier",
                "Ember League clashes with Tide Front at Tarn",
                (says("attack_armed/new", "tide-front", agents=("ember-league",)),),
            ),
            want(Want("event", "ember-league", names=("Tide Front",))),
            told(("uk-list", "alert.opened", "ember-league")),
        ),
    ),
    Story(
        "words_beside_a_deed",
        "A statement that comes with a deed of the same organisation is no event of its own.",
        a_world(),
        (
            Push(
                "2025-06-02T18:00",
                "harbour-courier",
                "Ember League says in a statement that it fired at Tarn",
                (says("attack_claim/new", agents=("ember-league",)), says("statement/new", agents=("ember-league",))),
            ),
            want(Want("event", "ember-league", event_type="attack_claim")),
        ),
    ),
    Story(
        "late_correction",
        "A correction that comes weeks later joins the event that it corrects.",
        a_world(),
        (
            RAID,
            CORRECTION,
            want(Want("event", "ember-league", sources=2, independent=1)),
        ),
    ),
    Story(
        "correction_before_what_it_corrects",
        "The same holds when the correction is read first, as on a first poll.",
        a_world(),
        (CORRECTION, RAID, want(Want("event", "ember-league", "unconfirmed", sources=2, independent=1))),
    ),
    Story(
        "same_raid_other_week",
        "A like event a week later is another event.",
        a_world(),
        (
            BOMBING,
            Push(
                "2025-06-12T18:00",
                "meridian-wire",
                "Bomb kills nine outside stadium in Marlow",
                (says("attack_bombing/new", agents=("ember-league",), place="Marlow"),),
            ),
            want(Want("event", "ember-league", sources=1), Want("event", "ember-league", sources=1)),
        ),
    ),
)
