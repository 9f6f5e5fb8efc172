"""Words in the names of associations, as data for comparing them: what they stand for and how much they tell."""

from __future__ import annotations

# Told apart from nothing: legal forms, and small words that people leave out.
SILENT = (
    "vzw", "ivzw", "asbl", "fv", "vzwd", "feitelijke vereniging", "vereniging zonder winstoogmerk",
    "vereniging zonder winstgevend doel", "internationale vereniging zonder winstoogmerk", "private stichting",
    "stichting van openbaar nut", "in oprichting", "io",
    "de", "het", "een", "t", "d", "der", "den", "des", "van", "vd", "en", "aan", "in", "op", "te", "ter", "ten", "tot",
    "voor", "uit", "bij", "met", "onze", "ons", "l", "le", "la", "les", "du", "et",
)  # fmt: skip

# The first word or phrase stands for all others on its line.
SAME = (
    ("klj", "katholieke landelijke jeugd", "landelijke jeugd", "kljeugd"),
    ("chiro", "chirojeugd", "chirogroep"),
    ("chirojongens", "chiro jongens", "jongenschiro"),
    ("chiromeisjes", "chiro meisjes", "meisjeschiro"),
    ("scouts", "scouts en gidsen", "scouts gidsen", "scoutsgroep", "scouting", "scouts en gidsen vlaanderen",
     "gidsen en scouts", "scouts groep"),
    ("fos", "fos open scouting", "open scouting", "fos scouts"),
    ("ksa", "katholieke studentenactie", "ksj", "ksj ksa", "ksa ksj", "ksa nationaal"),
    ("kwb", "kristelijke werknemersbeweging", "kwb eigentijds", "kristelijke werkliedenbond"),
    ("okra", "okra trefpunt", "okra sport", "trefpunt okra", "kbg", "kristelijke bond van gepensioneerden"),
    ("ferm", "kvlv", "katholiek vormingswerk van landelijke vrouwen", "vrouwen met vaart"),
    ("femma", "kav", "kristelijke arbeidersvrouwen", "femma wereldvrouwen"),
    ("samana", "ziekenzorg", "ziekenzorg cm", "ziekenzorg kern"),
    ("gezinsbond", "gezins bond", "de gezinsbond", "bond van grote jonge gezinnen"),
    ("davidsfonds", "davids fonds", "davidsfonds afdeling"),
    ("natuurpunt", "natuur punt"),
    ("neos", "neos netwerk ondernemende senioren"),
    ("vief", "liberale bond gepensioneerden"),
    ("rode kruis", "rodekruis", "roode kruis", "rode kruis vlaanderen"),
    ("landelijke gilde", "landelijke gilden"),
    ("jeugdhuis", "jh", "jeugd huis", "jongerencentrum"),
    ("speelpleinwerking", "speelplein", "speel plein werking", "speelpleinen"),
    ("ouderraad", "oudercomite", "oudervereniging", "ouderwerking", "ouder comite", "ouder raad", "oudercommitee"),
    ("feestcomite", "feest comite", "feestcommite", "feestcommitee", "feestkomitee", "feestkomite"),
    ("comite", "komitee", "komite", "commite", "commitee", "committee", "comitee"),
    ("wijkcomite", "wijk comite", "wijkwerking", "buurtcomite", "buurtwerking", "wijkkomitee", "buurtkomitee"),
    ("voetbalclub", "fc", "vc voetbal", "vk", "voetbal club", "voetbalvereniging", "football club", "vv", "kfc", "kvk",
     "ksv", "sv", "sk", "ksk", "voetbalploeg"),
    ("veteranenvoetbal", "veteranenvoetbalclub", "veteranen voetbal"),
    ("padelclub", "padel", "padel club"),
    ("zaalvoetbalclub", "zvc", "zaalvoetbal", "minivoetbal", "minivoetbalclub", "mvc", "zvk"),
    ("volleybalclub", "volley", "volleybal", "volleyclub", "vbc", "volleybal club"),
    ("basketbalclub", "bbc", "basket", "basketbal", "basketclub", "basketbal club"),
    ("tennisclub", "tc", "tennis", "tennis club"),
    ("tafeltennisclub", "ttc", "ttk", "tafeltennis", "pingpong", "tafeltennis club"),
    ("badmintonclub", "badminton", "badminton club"),
    ("wielerclub", "wtc", "wielertoeristen", "wielertoeristenclub", "wielertoerisme", "fietsclub", "wielervrienden",
     "wieler club", "fietsvrienden", "wielerploeg", "wielersportclub", "wsc"),
    ("wandelclub", "stapclub", "wandelsportvereniging", "wsv", "wandelvrienden", "wandelvereniging", "wandel club"),
    ("zwemclub", "zc", "zwem club", "zwemvereniging"),
    ("turnkring", "turnclub", "gymclub", "turn kring", "turnvereniging", "ktk", "gym", "gymvereniging"),
    ("judoclub", "jc judo", "judo", "judo club"),
    ("karateclub", "karate", "karate club"),
    ("atletiekclub", "ac", "atletiek", "loopclub", "joggingclub", "atletiek club"),
    ("hengelclub", "hengelvrienden", "visclub", "vissersclub", "hengelaars", "hengelaarsclub"),
    ("petanqueclub", "petanque", "pc", "petanque club"),
    ("biljartclub", "biljart", "biljart club", "biljartvrienden"),
    ("kaartersclub", "kaartclub", "kaarters", "whistclub", "kaartvrienden"),
    ("duivenbond", "duivenmaatschappij", "duivenclub", "duivenliefhebbers"),
    ("schuttersgilde", "handboog", "handboogschutters", "boogschutters", "handboogmaatschappij", "schuttersvereniging"),
    ("ruiterclub", "lrv", "ruitervereniging", "ponyclub", "rijvereniging"),
    ("harmonie", "harmonieorkest", "muziekmaatschappij"),
    ("fanfare", "fanfareorkest"),
    ("koor", "zangkoor", "zangvereniging", "gemengd koor", "zanggroep"),
    ("toneelkring", "toneel", "toneelgroep", "toneelvereniging", "toneelgezelschap", "toneelmaatschappij",
     "theatergroep", "theater", "toneel kring", "tg"),
    ("dansclub", "dansschool", "dansgroep", "dans", "dansstudio", "dans studio", "dansacademie"),
    ("heemkring", "heemkundige kring", "heemkunde", "geschiedkundige kring", "heemkundekring", "heemkundigekring"),
    ("fotoclub", "fotokring", "foto club"),
    ("schaakclub", "schaakkring", "schaak"),
    ("brassband", "brass band"),
    ("muziekvereniging", "muziekgroep", "muziekkring"),
    ("imkersbond", "imkersvereniging", "imkers", "bijenbond", "imkersgilde"),
    ("wereldwinkel", "oxfam wereldwinkel", "oxfam"),
    ("carnavalsvereniging", "carnavalsgroep", "carnaval", "carnavalvereniging"),
    ("tuinhier", "volkstuin", "volkstuinen", "tuinclub"),
    ("bibliotheek", "bib"),
    ("koninklijk", "kon", "kkl", "koninklijke", "k"),
    ("sint", "st", "ste", "sinte", "sainte", "saint", "snt", "sint e"),
    ("onze lieve vrouw", "olv", "o l v", "onzelievevrouw", "lieve vrouw", "onze lieve vrouwe"),
    ("vereniging", "ver", "ver", "verenigingen", "maatschappij", "mij"),
    ("afdeling", "afd", "plaatselijke afdeling", "kern", "lokale afdeling"),
    ("vlaanderen", "vlaams", "vlaamse"),
    ("senioren", "seniorenclub", "gepensioneerden", "gepensioneerdenbond", "derde leeftijd", "bejaarden",
     "seniorenbond", "bond gepensioneerden", "bond van gepensioneerden"),
    ("dames", "vrouwen", "damesploeg"),
    ("heren", "mannen"),
    ("jeugd", "jongeren", "junioren", "jeugdwerking"),
    ("basisschool", "vbs", "gbs", "gvbs", "vrije basisschool", "gemeentelijke basisschool", "stedelijke basisschool",
     "basis school"),
    ("brandweer", "vriendenkring brandweer"),
    ("vrienden", "vriendenkring", "vriendenclub"),
)  # fmt: skip

# One from a row against another from that row: not the same association, however alike the names are.
CONTRARY = (
    ("jongens", "meisjes", "heren", "dames", "chirojongens", "chiromeisjes"),
    ("jeugd", "senioren", "veteranen", "kinderen"),
    ("noord", "zuid", "oost", "west", "centrum"),
    ("klj", "chiro", "chirojongens", "chiromeisjes", "scouts", "fos", "ksa", "kwb", "okra", "ferm", "femma", "samana",
     "gezinsbond", "davidsfonds", "willemsfonds", "vermeylenfonds", "natuurpunt", "neos", "vief", "rode kruis",
     "landelijke gilde", "jeugdhuis", "speelpleinwerking", "ouderraad", "feestcomite", "wijkcomite", "voetbalclub",
     "zaalvoetbalclub", "volleybalclub", "basketbalclub", "tennisclub", "tafeltennisclub", "badmintonclub",
     "wielerclub", "wandelclub", "zwemclub", "turnkring", "judoclub", "karateclub", "atletiekclub", "hengelclub",
     "petanqueclub", "biljartclub", "kaartersclub", "duivenbond", "schuttersgilde", "ruiterclub", "harmonie",
     "fanfare", "brassband", "muziekvereniging", "veteranenvoetbal", "padelclub", "schaakclub", "imkersbond", "koor",
     "toneelkring", "dansclub", "heemkring", "fotoclub", "carnavalsvereniging", "tuinhier", "markant", "pasar",
     "curieus", "velt", "unizo", "oxfam wereldwinkel", "wereldwinkel"),
)  # fmt: skip

# An abbreviation that people use for several kinds: it may be each of these.
EITHER = {
    "bc": frozenset({"biljartclub", "badmintonclub", "basketbalclub", "bridgeclub", "boksclub"}),
    "hc": frozenset({"hengelclub", "hockeyclub", "handbalclub"}),
    "sc": frozenset({"sportclub", "schaakclub", "voetbalclub", "supportersclub"}),
}
# A part of an association rather than the whole: of two, only one of them has it in its name.
BRANCHES = frozenset({"jeugd", "senioren", "veteranen", "kinderen", "dames", "heren", "jongens", "meisjes"})

# How much finding a word in both names tells, where it is not 1; words of the last row of CONTRARY tell 0.6.
WEIGHTS = {
    "koninklijk": 0.1, "vereniging": 0.2, "afdeling": 0.1, "club": 0.2, "groep": 0.2, "kring": 0.2, "vlaanderen": 0.1,
    "sint": 0.2, "comite": 0.4, "vrienden": 0.4, "jeugd": 0.5, "senioren": 0.5, "lokaal": 0.2, "sport": 0.4,
    "sportclub": 0.4, "team": 0.2, "bond": 0.3, "gilde": 0.4, "werking": 0.2, "stichting": 0.2,
    "lokale": 0.2, "plaatselijke": 0.2, "gemeentelijke": 0.3, "stedelijke": 0.3, "koninkrijk": 0.1,
    "basisschool": 0.2,
}  # fmt: skip
KIND_WEIGHT = 0.6
# What makes of a word another kind of thing: a parish is no parish choir. `Sebastiaansgilde` is `Sint-Sebastiaan`.
TELLING_ENDS = (
    "koor", "raad", "school", "huis", "winkel", "fonds", "bal", "tuinen", "cafe", "web", "band", "ensemble", "comite",
    "scouts", "fabriek", "museum", "festival",
)  # fmt: skip
# A longer word that ends so says what kind of association it is, even where it stands in no list above.
KIND_ENDS = (
    "club", "kring", "vereniging", "bond", "groep", "comite", "koor", "gilde", "ploeg", "maatschappij", "band", "huis",
    "school", "raad", "ensemble", "werking", "platform", "netwerk", "gezelschap", "vrienden", "schakel", "cafe", "web",
    "tuinen", "bal", "winkel", "fonds", "scouts",
)  # fmt: skip
