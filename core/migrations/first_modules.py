"""The text modules («tekstblokken») that a fresh installation begins with; coordinators change or remove them.

They hold the substance only: the greeting and the signature come by themselves. Nothing in them depends on what CNO
may decide otherwise, such as the cost of cancelling.
"""

DUTCH = (
    (
        "Account: twee keer gekend",
        (
            "U bent bij ons onder twee accounts gekend. Wij maken er graag één van, zodat al uw nascholingen en attesten "
            "samen staan. Laat u ons weten welk e-mailadres u wilt houden?"
        ),
    ),
    (
        "Account: welk e-mailadres",
        (
            "Voor wij u kunnen zeggen onder welk e-mailadres u bij ons gekend bent, willen wij zeker zijn dat u het bent. "
            "Bezorgt u ons uw volledige naam, uw geboortejaar, uw school en een nascholing die u bij ons volgde?"
        ),
    ),
    (
        "Annuleren: hoe en wat het kost",
        (
            "Annuleren doet u zelf in uw portaal: klik bij de nascholing op «Annuleren». U ziet wat het op dat moment "
            "kost voor u bevestigt. Een collega mag altijd kosteloos in uw plaats komen."
        ),
    ),
    (
        "Annuleren: wegens ziekte",
        (
            "Wat jammer dat u er niet bij kunt zijn. Wij wensen u een spoedig herstel. Bezorgt u ons een doktersattest, "
            "dan bekijken wij wat wij voor u kunnen doen."
        ),
    ),
    (
        "Attest: niet aanwezig genoteerd",
        (
            "Op onze aanwezigheidslijst staat u niet als aanwezig genoteerd, en daarom is er geen attest. Klopt dat niet? "
            "Laat het ons weten, dan kijken wij het na bij de docent."
        ),
    ),
    (
        "Attest: waar en wanneer",
        (
            "Uw attest verschijnt enkele dagen na de laatste cursusdag in uw portaal. Meld u aan, klik op «Mijn portaal» "
            "en dan op «Mijn nascholingen»: achter elke nascholing staat een knop «Attest». Het blijft daar staan."
        ),
    ),
    (
        "Betaling: niet teruggevonden",
        (
            "Wij vinden uw betaling nog niet terug. Bezorgt u ons een betalingsbewijs met de datum, het bedrag en de "
            "mededeling? Dan zoeken wij ze op."
        ),
    ),
    (
        "Betaling: vraag om uitstel",
        "Uw vraag om later te betalen leggen wij voor aan onze financiële medewerker. U hoort er zo snel mogelijk van.",
    ),
    (
        "Cursusmateriaal: waar",
        "Het cursusmateriaal staat in uw portaal onder «Cursusmateriaal» zodra de docent het ons bezorgd heeft.",
    ),
    (
        "Debetnota: op een andere naam",
        (
            "Een debetnota die vertrokken is, passen wij niet meer aan; wij zetten het recht met een creditnota en een "
            "nieuwe debetnota. Op welke naam moet die staan? Wij hebben de naam, het adres en het ondernemingsnummer van "
            "de instelling nodig."
        ),
    ),
    (
        "Debetnota: waar",
        (
            "De debetnota gaat per mail naar wie betaalt: uzelf of uw instelling. U vindt ze ook in het portaal, onder "
            "«Mijn documenten» of, voor een instelling, onder «Onze documenten»."
        ),
    ),
    (
        "Inschrijven: een collega",
        (
            "Uw collega maakt eerst zelf een account aan en verbindt zich daarin met uw instelling; om redenen van privacy "
            "kunnen wij dat niet in zijn of haar plaats doen. Daarna staat uw collega in uw lijst en kunt u inschrijven."
        ),
    ),
    (
        "Inschrijven: nascholing volzet",
        (
            "{nascholing} is volzet. U kunt zich op de wachtlijst zetten: komt er een plaats vrij, dan krijgt u een mail en "
            "houden wij de plaats een tijd voor u vrij."
        ),
    ),
    (
        "Nascholing: praktische gegevens",
        (
            "De plaats en de uren van {nascholing} vindt u op de pagina van de nascholing en in uw bevestigingsmail. De "
            "eerste cursusdag is {eerste_dag}."
        ),
    ),
    (
        "Opmerking: bedankt",
        "Dank u dat u de tijd nam om ons dit te laten weten. Wij bespreken het met de docent en in ons team.",
    ),
    (
        "Persoonsgegevens: vraag ontvangen",
        "Wij hebben uw vraag over uw persoonsgegevens goed ontvangen en antwoorden u binnen een maand.",
    ),
    (
        "Vervangen door een collega",
        (
            "Een collega kan kosteloos in uw plaats komen tot de nascholing begint. Uw instelling regelt dat in haar "
            "portaal: bij «Onze nascholingen» achter de inschrijving op «Vervangen» klikken. Uw collega moet zelf een "
            "account hebben en met de instelling verbonden zijn."
        ),
    ),
    (
        "Wij hebben nog iets nodig",
        (
            "Om u goed te helpen hebben wij nog iets nodig: over welke nascholing gaat het, en onder welke naam en bij "
            "welke school bent u ingeschreven?"
        ),
    ),
    ("Wij zoeken het uit", "Wij zoeken dit voor u uit. U hoort binnen twee werkdagen van ons."),
)
ENGLISH = (
    (
        "Account: which address",
        (
            "Before we can tell which e-mail address we know you by, we need to be sure that it is you. Could you send us "
            "your full name, your year of birth, your school and a course that you followed with us?"
        ),
    ),
    (
        "Cancelling: how, and what it costs",
        (
            "You cancel in your portal yourself: click «Cancel» at the course. You see what it costs at that moment before "
            "you confirm. A colleague may always take your place free of charge."
        ),
    ),
    (
        "Certificate: where and when",
        (
            "Your certificate appears in your portal some days after the last course day. Sign in, click «My portal» and "
            "then «My courses»: there is a button «Certificate» with each course. It stays there."
        ),
    ),
    (
        "Course: full",
        (
            "{nascholing} is full. You can join the waiting list: when a seat becomes free, you get a mail and we keep the "
            "seat for you for some time."
        ),
    ),
    (
        "Debit note: where",
        (
            "The debit note goes by mail to whoever pays: yourself or your institution. You also find it in the portal, "
            "under «My documents» or, for an institution, «Our documents»."
        ),
    ),
    (
        "Payment: not found",
        (
            "We do not find your payment yet. Could you send us a proof of payment with the date, the amount and the "
            "reference?"
        ),
    ),
    (
        "Replacing: a colleague comes instead",
        (
            "A colleague can take your place free of charge until the course begins. Your institution does so in its "
            "portal: «Our courses», then «Replace». Your colleague needs an account that is linked to the institution."
        ),
    ),
    (
        "We need something more",
        (
            "To help you well we need something more: which course is it about, and under which name and school are you "
            "enrolled?"
        ),
    ),
    ("We look into it", "We look into this for you. You hear from us within two working days."),
)
