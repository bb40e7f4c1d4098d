"""Made-up course texts, schools and places for the demo data. Nothing here exists."""

from dataclasses import dataclass

from core.vocabulary import CourseType, Level, Subject, Theme

M, P = CourseType.MULTI_DAY, CourseType.POSTGRADUATE
L, S, T = Level, Subject, Theme


@dataclass(frozen=True, slots=True)
class CourseText:
    """A course to offer; `share` is the price of a day in euro."""

    title: str
    intro: str
    theme: Theme
    levels: tuple[Level, ...]
    subjects: tuple[Subject, ...]
    kind: CourseType = CourseType.ONE_DAY
    is_online: bool = False
    share: int = 145


COURSES = (
    CourseText(
        "AI en taaltechnologie: hoe zet je ze doordacht in tijdens de taalles en bij het nakijken?",
        "Chatbots schrijven vlot, maar wat leren uw leerlingen ervan? U bouwt drie lessen waarin zij zelf blijven denken.",
        T.AI,
        (L.SO, L.SVWO),
        (S.DUTCH, S.FRENCH, S.ENGLISH),
    ),
    CourseText(
        "Rekenen met je handen: breuken in de derde graad",
        "Van strook tot getallenas: een leerlijn met materiaal dat u morgen gebruikt.",
        T.STEM,
        (L.LO,),
        (S.MATHEMATICS,),
        share=125,
    ),
    CourseText(
        "Meertaligheid als troef in de kleuterklas",
        "Kleuters brengen talen mee. U leert hoe u ze laat meetellen zonder het Nederlands los te laten.",
        T.LANGUAGE,
        (L.KO, L.BUKO),
        (S.NURSERY, S.NT2),
        share=120,
    ),
    CourseText(
        "Feedback die blijft hangen",
        "Minder rood, meer effect: feedback die leerlingen lezen én gebruiken.",
        T.ASSESSMENT,
        (L.SO, L.HO),
        (),
        share=150,
    ),
    CourseText(
        "Zorg dragen voor wie zorg draagt: zelfzorg in het onderwijs",
        "Een dag stilstaan om langer te kunnen lopen: grenzen, rust en collegiale steun.",
        T.SELF_CARE,
        tuple(L),
        (),
        share=110,
    ),
    CourseText(
        "Klasmanagement voor startende leraren",
        "Rust in de klas is geen toeval. U oefent routines, stem en blik met een acteur.",
        T.CLASSROOM,
        (L.LO, L.SO),
        (),
        M,
        share=115,
    ),
    CourseText(
        "Burgerschap in de praktijk: debatteren zonder brand",
        "Moeilijke onderwerpen bespreken met jongeren, stap voor stap.",
        T.DIVERSITY,
        (L.SO,),
        (S.CITIZENSHIP, S.HISTORY),
    ),
    CourseText(
        "Differentiëren in wiskunde: tweede graad",
        "Eén les, drie sporen. Met kant-en-klare voorbeelden uit de algebra.",
        T.STEM,
        (L.SO,),
        (S.MATHEMATICS,),
        is_online=True,
        share=95,
    ),
    CourseText(
        "Postgraduaat leerzorg",
        "Een jaar lang leren kijken naar leerlingen die extra zorg nodig hebben.",
        T.CARE,
        (L.LO, L.SO, L.CLB),
        (S.CARE,),
        P,
        share=95,
    ),
    CourseText(
        "Programmeren zonder computer",
        "Algoritmes met touw, kaarten en voeten. Voor wie nooit een regel code schreef.",
        T.DIGITAL,
        (L.LO,),
        (S.ICT, S.TECHNOLOGY),
        share=130,
    ),
    CourseText(
        "Didactiek Nederlands voor anderstalige nieuwkomers",
        "Van eerste woord tot eerste zin: een opbouw die werkt in OKAN en in de gewone klas.",
        T.LANGUAGE,
        (L.SO, L.LO),
        (S.NT2, S.DUTCH),
        M,
        share=120,
    ),
    CourseText(
        "Beeldende vorming met niets",
        "Karton, licht en schaduw: grote kunst met een klein budget.",
        T.ARTS,
        (L.LO, L.DKO),
        (S.ARTS,),
        share=140,
    ),
    CourseText(
        "Leidinggeven aan een schoolteam in verandering",
        "Voor directeurs en adjuncten: koers houden als alles beweegt.",
        T.LEADERSHIP,
        (L.LO, L.SO, L.BUSO),
        (S.SCHOOL_POLICY,),
        M,
        share=175,
    ),
    CourseText(
        "Chemie veilig in de klas",
        "De wetgeving kort, de proeven lang. Met een checklist voor uw lokaal.",
        T.STEM,
        (L.SO,),
        (S.CHEMISTRY, S.SCIENCE),
        share=165,
    ),
    CourseText(
        "Autisme in de gewone klas",
        "Voorspelbaarheid helpt iedereen. U vertrekt met een plan voor één leerling.",
        T.CARE,
        (L.LO, L.SO, L.BUSO),
        (S.CARE,),
        share=135,
    ),
    CourseText(
        "Frans spreken durven: mondelinge vaardigheid in de derde graad",
        "Leerlingen die zwijgen aan het praten krijgen, met taken die echt iets vragen.",
        T.LANGUAGE,
        (L.LO, L.SO),
        (S.FRENCH,),
        is_online=True,
        share=90,
    ),
    CourseText(
        "Toetsen maken die meten wat je wilt weten",
        "Van leerdoel naar vraag, van vraag naar punt. Breng een eigen toets mee.",
        T.ASSESSMENT,
        (L.SO, L.HO, L.SVWO),
        (),
    ),
    CourseText(
        "Bewegend leren op de speelplaats",
        "Tafels springen en woorden rennen: twintig spelen voor buiten.",
        T.GENERAL_DIDACTICS,
        (L.KO, L.LO),
        (S.PE,),
        share=115,
    ),
    CourseText(
        "Bronnenonderzoek met jongeren: archief in de klas",
        "Oude brieven, nieuwe vragen. Kritisch lezen met echte documenten.",
        T.ARTS,
        (L.SO,),
        (S.HISTORY, S.GEOGRAPHY),
        share=140,
    ),
    CourseText(
        "Eerste hulp bij pesten",
        "Signalen zien, kort optreden, lang opvolgen. Een stappenplan voor het hele team.",
        T.CARE,
        (L.LO, L.SO, L.CLB),
        (),
        is_online=True,
        share=95,
    ),
    CourseText(
        "Artificiële intelligentie voor directies: wat mag, wat moet, wat kan",
        "Een nuchtere kijk op beleid rond AI, met een modeltekst voor uw schoolreglement.",
        T.AI,
        (L.LO, L.SO, L.HO),
        (S.SCHOOL_POLICY,),
        share=160,
    ),
    CourseText(
        "Denktank leesplezier",
        "Scholen delen wat werkt. Gratis, in ruil voor één goed voorbeeld uit uw eigen klas.",
        T.LANGUAGE,
        (L.LO,),
        (S.DUTCH,),
        share=0,
    ),
)
BODY = (
    "We vertrekken van situaties uit de klas. Een korte uitleg toont wat onderzoek ons leert; daarna gaat u zelf aan de slag met voorbeelden die u meteen kunt gebruiken.\n\n"
    "In de namiddag werkt u in kleine groepen aan materiaal voor uw eigen leerlingen. De lesgever kijkt mee en geeft raad. U vertrekt met een plan voor de eerste drie lessen.\n\n"
    "Na de nascholing vindt u alle presentaties en werkbladen bij uw cursusmateriaal."
)
KINDS = (
    "Basisschool",
    "Vrije Basisschool",
    "Gemeenteschool",
    "Atheneum",
    "College",
    "Instituut",
    "Middenschool",
    "Technisch Instituut",
    "BuSO-school",
    "Academie",
    "CLB",
    "Centrum voor Volwassenenonderwijs",
)
NAMES = (
    "De Zonnewimpel",
    "Het Molenspoor",
    "De Kruidtuin",
    "Sint-Windekind",
    "De Ringslang",
    "Ter Waterlelie",
    "De Klimroos",
    "Het Baken",
    "De Notelaar",
    "Nieuwland",
    "De Lichtboei",
    "Ter Heide",
    "Het Kompas",
    "De Vlieger",
    "De Zevensprong",
    "Het Wielewaaltje",
    "De Esdoorn",
    "De Brug",
    "Het Kasteelpark",
    "De Pluim",
    "De Veerman",
    "Ter Linden",
    "Het Anker",
    "De Toverboom",
    "De Regenboogbrug",
)
TOWNS = (
    ("2000", "Antwerpen"),
    ("2018", "Antwerpen"),
    ("2100", "Deurne"),
    ("2140", "Borgerhout"),
    ("2300", "Turnhout"),
    ("2500", "Lier"),
    ("2800", "Mechelen"),
    ("2850", "Boom"),
    ("9000", "Gent"),
    ("9100", "Sint-Niklaas"),
    ("9200", "Dendermonde"),
    ("9300", "Aalst"),
    ("3000", "Leuven"),
    ("1500", "Halle"),
    ("1800", "Vilvoorde"),
    ("3500", "Hasselt"),
    ("3600", "Genk"),
    ("8000", "Brugge"),
    ("8500", "Kortrijk"),
    ("1000", "Brussel"),
)
TEACHERS = (
    "Lotte Verhaegen",
    "Bram Çelik",
    "Ilse Van de Voorde",
    "Karim El Idrissi",
    "Noémie D'Hondt",
    "Wout De Smedt-Claes",
    "Saïda Bouzid",
    "Jan-Baptist Mertens",
    "Elke Roelandts",
    "Pieter Van den Bossche",
)
