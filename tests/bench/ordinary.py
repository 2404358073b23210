"""Makes ordinary news for benchmarks: invented, of many subjects, and none of it written to lead the sorting astray.

How often its words are triggers (24 in 2,000 characters), words of lexicons (60) and names of states (5), how many
sentences deserve a reading (1.3) and how many events come out (1.3) lies between what a collection of general news (28,
40, 3, 0.7, 0.5) and one of news feeds about security (26, 53, 11, 1.7, 1.3) were measured to have.
Called by `tests.bench.sorting`. Sentences are put together anew for every article, so that no article is seen twice.
"""

from __future__ import annotations

import random
import re

_SLOT = re.compile(r"\{(\w+)\}")
_WORDS = {
    "town": "Harwick|Lindale|Port Ashby|Marrowgate|Eastmere|Kelso Bay|Thornbury|Saltcombe|Wexley|Dunmore|Arden|"
    "Brackwater|Colbeck|Fenhurst|Little Orme|Upper Tarn",
    "state": "France|Britain|Germany|Japan|Canada|Australia|India|Brazil|Norway|Kenya|Chile|Italy|Poland|Egypt",
    "person": "Anna Brook|Peter Hallam|Maria Okafor|John Ferris|Leila Haddad|Tom Ashdown|Ruth Calder|Omar Siddiq|"
    "Grace Lindqvist|Victor Amadi|Helen Marsh|Daniel Roth|Sofia Pereira|Mark Tully",
    "title": "Mayor|Councillor|Minister|Professor|Dr|Captain|Judge|Inspector|Chairman|Senator",
    "firm": "Northgate Foods|Calder Rail|Brightwell Energy|Orme Steel|Pennant Airways|Lowland Bank|Castle Homes|"
    "Vale Motors|Kestrel Software|Meridian Ferries",
    "club": "Harwick Rovers|Lindale Town|Eastmere United|Kelso Athletic|Dunmore City|Arden Wanderers|Colbeck Albion",
    "day": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
    "month": "January|March|April|June|July|September|October|December",
    "number": "two|three|four|five|seven|nine|twelve|fifteen|twenty|thirty|forty|sixty",
    "figure": "1.4|2.5|3.2|4.8|6|7.5|9|11|14|18|23|37",
    "body": "council|government|hospital trust|ministry|port authority|school board|water company|regulator|union|"
    "electoral commission|parliament|city court|police force|army|fire service",
    "thing": "bridge|hospital|railway line|school|library|housing estate|reservoir|airport terminal|power station|"
    "museum|shopping street|harbour wall|football ground|bus fleet",
    "crowd": "residents|workers|teachers|nurses|farmers|students|drivers|passengers|voters|shareholders|supporters",
    "cause": "the floods|rising prices|a strike|the new timetable|heavy snow|the budget|a shortage of staff|the heat",
    "act": "repaired|closed|opened|sold|extended|rebuilt|inspected|renamed|moved|painted|funded|approved|delayed",
    "do": "repair|close|open|sell|extend|rebuild|review|move|fund|approve|delay|discuss|support|oppose",
}
_SENTENCES = """
The {body} said on {day} that the {thing} in {town} would be {act} by {month}.
{title} {person} told reporters that {number} {crowd} had written to the {body} about {cause}.
"We have waited {number} years for this," said {person}, who lives near the {thing}.
Shares in {firm} fell by {figure} percent after the company said that profits would be lower because of {cause}.
{firm} plans to {do} its {thing} in {town} and to hire {number} more people, its chairman {person} said.
{club} beat {club} by three goals to one on {day}, with {person} scoring twice in the second half.
The manager of {club}, {person}, said that his side had worked hard and deserved the result.
Heavy rain is expected across the north until {day}, and {crowd} were told to avoid the roads around {town}.
Exports from {state} to {state} rose by {figure} percent in {month}, according to figures published on {day}.
The prime minister of {state} will visit {state} next week for talks on trade, energy and migration.
The {body} voted by {number} to {number} to {do} the {thing}, despite protests by {crowd}.
A man of 34 was charged with theft after {number} bicycles disappeared from the {thing} in {town}, police said.
A fire at a warehouse in {town} was put out before dawn; nobody was hurt and an investigation has begun.
{number} people were injured when a coach left the road near {town} on {day}, officials said.
A court in {town} ordered {firm} to pay {figure} million in damages to former {crowd}.
{person}, a novelist from {town}, won the prize for her second book, the jury announced on {day}.
Researchers at the university in {town} said that the study had followed {number} hundred {crowd} since {month}.
Doctors at the {thing} have treated {number} children for the same illness since {day}, {title} {person} said.
The {body} rejected a request by {crowd} to {do} the {thing} before the end of the year.
Union leaders and {firm} reached an agreement on pay late on {day}, which ended a strike of {number} weeks.
The central bank of {state} left its main rate unchanged and said that inflation would ease by {month}.
Ticket prices on the line between {town} and {town} will go up by {figure} percent in {month}.
The minister said that the government had no plans to {do} the {thing}, but would listen to {crowd}.
{title} {person} was elected to lead the {body} after {number} rounds of voting.
In {state}, the opposition called for a debate on {cause}, which it blamed on the {body}.
The film opens in {state} on {day} and has already sold {number} thousand tickets.
Engineers found cracks in the {thing} in {month}, and trains have been slower since then.
The {body} launched a campaign to {do} the {thing}, and asked {crowd} for their views by {day}.
Air traffic at {town} was disrupted for {number} hours on {day} because of {cause}.
Police in {town} appealed for witnesses after a collision between a lorry and a van.
Growers in the south of {state} expect the smallest harvest for {number} years because of {cause}.
{person} was sentenced to {number} months in prison for fraud, and will appeal, his lawyer said.
Visitors to the {thing} numbered {figure} thousand last month, more than in any {month} since it was {act}.
The company declined to comment, and the {body} did not answer questions on {day}.
The new rules apply from {month} to everybody who wants to {do} a {thing}, {title} {person} explained.
Analysts said that {firm} could still {do} part of its business in {state} if the market recovers.
Both sides will meet again on {day}; {title} {person} described the first talks as useful and frank.
A ship with {number} crew members lost power off {town} and was towed to the harbour.
Scientists in {state} warned that {cause} could become more common and attacked the {body} for its silence.
Bulbs planted in the autumn flower earlier when the soil has been cold for {number} weeks.
Crowds filled the {thing} in {town} for the first concert of the season, which ended with a song from {state}.
Temperatures reached {figure} degrees in {town}, the warmest {day} in {month} for {number} years.
The telescope has photographed a galaxy that is {figure} billion light years away, astronomers in {state} believe.
{club} will play the second match at home, where {club} have not lost since {month}.
Her recipe needs {number} eggs, a little butter and the patience to stir for an hour.
The number of people who cycle to work in {town} has grown by {figure} percent in {number} years.
Most of the houses in the old part of {town} are empty in winter, when the ferry runs only on {day}.
{person} learned the piano from her grandmother and wrote her first songs at the age of {number}.
The phone is lighter than last year's model, and its battery lasts about {number} hours longer.
Economists expect the economy of {state} to grow by {figure} percent this year, slightly more than in {month}.
Fog kept the boats of {town} in the harbour, and fish was dearer on the market than on {day}.
The path follows the river for {number} miles, past mills and orchards, and ends behind the {thing}.
Sales of {firm} were helped by a mild winter, and the dividend stays the same, {title} {person} wrote.
Nearly {figure} percent of the {crowd} answered, and most were content with the {thing}.
The {thing} in {town} is open from {day}, and children under {number} go in free.
{firm} sold {number} thousand cars in {month}, a little less than a year ago, when {cause} helped.
The coach of {club} expects {person} to be fit again for the game on {day}.
Two swans have settled on the pond behind the {thing}, to the delight of {crowd}.
House prices in {town} rose by {figure} percent in {month}, and rents by nearly as much.
The orchestra will tour {state} and {state} in {month} with a programme of {number} symphonies.
{title} {person} thanked the {crowd} who had brought blankets and hot soup during the night.
The museum bought a map of {state} that was drawn {number} hundred years ago and is still bright.
For {number} years the family has baked the bread of {town} in the same oven, and always before five.
Most of the money comes from {state}, and {figure} million has been spent on the {thing} so far.
The new model of {firm} uses {figure} percent less fuel and is built in {town}.
On {day} the sun sets at half past four in {town}, and the lamps along the quay are lit.
The exhibition shows {number} paintings that were found when the {thing} in {town} was {act}.
""".strip().splitlines()
#: Sentences of a paragraph.
_PARAGRAPH = (1, 2, 2, 3, 3)


def make_paragraphs(chance: random.Random, length: int) -> list[str]:
    """Give the paragraphs of one article of at least `length` characters."""
    paragraphs: list[str] = []
    while sum(map(len, paragraphs)) < length:
        picked = chance.sample(_SENTENCES, chance.choice(_PARAGRAPH))
        paragraphs.append(" ".join(_fill(chance, sentence) for sentence in picked))
    return paragraphs


def _fill(chance: random.Random, sentence: str) -> str:
    filled = _SLOT.sub(lambda slot: chance.choice(_WORDS[slot[1]].split("|")), sentence)
    return filled[:1].upper() + filled[1:]
