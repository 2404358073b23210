"""Closed classes of words that the grammar of this room needs. Data only; an operator never changes it."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Give the words of a text, split at white space."""
    return frozenset(text.split())


#: What follows a participle without an object.
PASSIVE_FOLLOWERS = words("""
by as under in on since during for after from to at over , . ; ) with last earlier late early yesterday today
following amid near outside while when where and without
""")

#: What follows a noun rather than a verb.
NOUN_FOLLOWERS = words("""
of on against by in that to over for under was is has will which , .
""")

#: What cannot be the noun that an attribute describes.
NOT_A_NOUN = words("""
the a an its his her their this that these those by as in on at to of for from with since under during and or ,
. ; : ( ) - him them it us me who which was were is are be been has have had after before while when will into
onto off over out not n't
""")

#: Nouns whose "that" tells what is reported.
REPORT_NOUNS = words("""
report reports claim claims allegation allegations rumour rumours fact news announcement suggestion suggestions
notion idea decision statement signal indication indications speculation fear fears hope hopes demand warning
confirmation ruling
""")

#: What a body acts by.
INSTRUMENTS = words("""
decree order law bill motion resolution notification ordinance judgment judgement proclamation edict executive
notice gazette legislation amendment ruling document letter statement list draft regulation act
""")

#: Heads behind a name that keep the organisation itself the one meant.
HEADS = words("""
group groups organisation organization organisations organizations movement party network outfit militia gang
cartel cartels front terror terrorist extremist militant militants armed separatist separatists rebels rebel
insurgents insurgency fighters political military wing wings bureau chapter chapters branch branches entity
faction jihadist islamist guerrillas guerrilla insurgent foreign banned terrorists army clan mafia syndicate
""")

#: Who fights for no state.
ARMED_MEN = words("""
militants rebels terrorists insurgents guerrillas gunmen fighters extremists jihadists separatists islamists maoists
naxals naxalites ultras bandits attackers assailants
""")

#: The people and the parts of an armed group: whoever does what "members of X" or "X commandos" do is X.
MEMBERS = words("""
member members fighter fighters militant militants rebel rebels guerrilla guerrillas gunman gunmen insurgent insurgents
commando commandos commandoes unit units column columns cell cells cadre cadres man men element elements front fronts
faction factions wing wings branch branches squad squads troop troops force forces detachment detachments detachments
team teams terrorist terrorists extremist extremists jihadist jihadists separatist separatists operative operatives
bomber bombers assassin assassins hitmen supporter supporters command commands combatants bands band militia
militiamen affiliate affiliates arm loyalists activists soldiers followers brigade
""")

#: Words behind a name that are no noun that it describes.
FREE = words("""
a an the and or as to on took came went had fell rose left began met led drew made gave set won lost held saw
feeds fed broke in by from of for at under over with was were is are has have had been be will would
could may might should which who that after before since when while also now not because until amid following
despite into onto off out against including today yesterday last late early this its his her their monday
tuesday wednesday thursday friday saturday sunday 's said says but however if then so without within across
between among through via despite there again ever even only too because while although though unless whether
where whose what how why than long expire expires lapse lapses stand stands remain remains becomes means makes
takes gets goes comes faces risks carries yet already just still tonight overnight abroad here anew both
pursuant accordingly effective hereby therefore together along alongside beyond besides whereas whose
""")

#: Verbs that tell what becomes of a listing whose target stands right before them.
FATES = words("""
enters enter entered takes take comes come ends ended expires expire expired lapses lapsed means makes stays stay
remains remain stands follows brings bars freezes goes becomes runs falls passes sends gives covers does did
""")

#: What belongs to the body that lists.
LIST_NOUNS = words("""
list lists blacklist watchlist label tag designation listing ban proscription roster schedule register stamp
status sanctions blacklisting
""")

#: Stems of words by which somebody asks another to act.
REQUESTS = tuple(
    words("""
    urge ask request demand call press lobby campaign recommend propos advoc petition implor appeal encourag
pressur
    suggest beg exhort nudg persuad want wish hop requir forc oblig compel tell told direct instruct empower
allow
    enabl authoris expect insist advis sought seek support back favour need urg submit sponsor introduc
    """)
)

#: Adjectives that are labels only when no other noun follows.
BARE_LABELS = words("""
terrorist terrorists extremist extremists unlawful illegal proscribed undesirable prohibited
""")

#: Nouns that a label may describe.
LABELLED_HEADS = words("""
organisation organization organisations organizations group groups entity entities association associations
outfit outfits movement movements body network networks gang gangs army militia cartel cartels sect party
formation band financiers actor actors state states regime
""")

#: Bodies that act for a state without its name.
GOVERNMENT = words("""
government cabinet parliament court judge minister ministry ministers president secretary council congress
senate gazette decree committee tribunal lawmakers deputies mps junta assembly commission authorities
""")

#: Words that show that a name is an organisation's.
ORGANISATION_WORDS = words("""
army front movement brigade brigades league party division group organisation organization network union society
boys youth council force forces liberation resistance action foundation association committee cartel gang mafia
clan militia guard guards jihad hizb harakat jamaat lashkar jaish sons brotherhood islamic popular revolutionary
national people's fighters rebels militants command tigers volunteers legion corps charity fund trust church
temple institute center centre company bank club federation congress alliance coalition tehreek tehrik ansar
soldiers warriors warriors' state
""")

#: Words that show that an unknown name is an armed group's; fewer than an organisation's, as states have armies too.
GROUP_WORDS = words("""
front movement brigade brigades liberation resistance jihad hizb harakat jamaat lashkar jaish tehreek tehrik ansar
brotherhood revolutionary cartel mafia gang clan militia guerrillas rebels militants commando tigers warriors
mujahideen vanguard defence defense extraditables
""")

#: Capitalised words that make no name alone.
TITLES = words("""
mr mrs ms dr president minister secretary general prime chief justice senator rep sen gov governor king prince
sheikh january february march april may june july august september october november december monday tuesday
wednesday thursday friday saturday sunday mon tue wed thu fri sat sun act code treasury section article reuters
ap afp bbc cnn
""")

#: Small words inside names.
INNER = words("""
of the al el de del la los las e ul ud bin and for - ' i a 's i- da dos und fi as
""")

#: Acronyms that are no organisation.
ACRONYM_STOP = words("""
UN EU US UK FTO SDGT FTOs SDGTs UAPA TV MP MPs AP AFP BBC IED IEDs CTD PM
FGM LGBT LGBTQ GMO GMOs PFAS CFC CFCs DDT MDMA THC LSD VPN VPNs IVF SUV SUVs HIV AIDS COVID GPS DNA NGO NGOs
""")

#: Proposals that a body may turn into its act.
APPROVABLE = words("""
motion proposal request application bill recommendation amendment legislation bid petition demand case power
""")

#: Past words that only describe a noun: "the existing listing", but not "former officials were listed".
PAST_ADJECTIVES = words("""
existing previous standing longstanding prior former initial original current anniversary decades-old years-old
""")

#: Words that count those who are listed.
NUMBERS = words("""
two three four five six seven eight nine ten eleven twelve dozen several
""")

#: Words that count acts.
ORDINALS = words("""
first second third fourth fifth sixth seventh eighth ninth tenth latest last only
""")

#: What may follow a label that stands alone.
AFTER_LABELS = words("""
and or by in on for under after as since at with over from of to so but while because last this today
yesterday following again who which that says said
""")

#: Stems of words by which somebody keeps another from acting.
BLOCKERS = (
    *sorted(words("block veto oppos prevent thwart den resist defeat scupper against delay reject")),
    "voted down",
)

#: Numbers and quantities that begin an object.
NUMBERS = words("""
two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen twenty thirty forty fifty dozens
several many more another both
""")

#: Words of time that may stand between a noun and the gerund that describes it.
TIME_WORDS = words("""
monday tuesday wednesday thursday friday saturday sunday today yesterday tonight overnight midnight week month
""")

#: Stems of verbs by which a listing that stands is confirmed, attacked or broken.
CONTESTING = tuple(words("uphold upheld challeng contest appeal flout breach violat defy defies defied stay"))

#: What is done to a proposal or an order that makes it an act: "the ban was extended", "the order was signed".
SETTLED = words("""
approved passed adopted granted endorsed ratified signed issued published gazetted extended renewed prolonged
announced imposed formalised finalised enacted promulgated reimposed
""")

#: Verbs that put somebody on a list or outside the law by themselves.
LISTING_VERBS = words("""
designate redesignate proscribe outlaw criminalise blacklist ban prohibit list relist dissolve disband illegalise
delegalise deregister
""")

#: What such acts are called that have other names than a listing or a ban.
ACT_NOUNS = words("""
dissolution disbandment disbanding inclusion inscription entry entries insertion addition additions prohibition
outlawing criminalisation removal revocation annulment deletion unlisting legalisation gazettement notification
rehabilitation expiry repeal
""")

#: Words and signs that say nothing of what is told when they stand alone or among their like.
FUNCTION_WORDS = words("""
the a an and or of to in on at by for with from as that this these those it its his her their they he she we i you
, . ; : - ' " ( ) < > 's which who whom whose will be has have had is was were are been not no but so than then there
here after before when while into onto over under about between against during out up down off all any each some more
most other such only own same very can just one two three also if because until since both few s t n't NUMBER NAME said
say
""")

#: Verbs that do so together with a label or a list.
PLACING_VERBS = words("""
forbid name label brand classify reclassify declare categorise tag gazette notify add put place include inscribe
deem class insert enter rank lump enlist treat
""")

#: Verbs that end a listing or a ban.
REMOVING_VERBS = words("""
delist unlist unban deproscribe legalise remove drop take strike delete scrub erase revoke rescind lift annul quash
withdraw cancel overturn repeal void nullify lapse expire vacate scrap rehabilitate exonerate reinstate unfreeze clear
""")
