"""How files write units besides their code, symbol and Rec 20 code: dimension -> unit -> words.

A word stands here as it is written, without accents, and plurals beside singulars; dots, blanks and
large letters are folded by :mod:`pim.attributes.units`. A word that people use for two units stands
at both, and is then no unit's: "16 kb" may be bits or bytes, and a file that says so is asked. What
means another amount in another country (a Dutch "pond" is 500 g, a "pound" is not) stands nowhere.
"""

SPELLINGS: dict[str, dict[str, str]] = {
    "weight": {
        "KILOGRAM": "kilo kilos kgs kilograms kilogramm kilogramme kilogrammes kilogramos",
        "MICROGRAM": "mcg micrograms microgramm microgrammes",
        "MILLIGRAM": "milligrams milligramm milligrammes",
        # Italian, French, Dutch and Spanish write gr for gram; the grain keeps its full name.
        "GRAM": "gr gm grs gms grams gramm gramme grammes gramos grammi",
        "GRAIN": "grains",
        "TON": "to tons tonne tonnes tonnen",
        "CARAT": "carats karaat karat",
        "OUNCE": "ounces",
        "POUND": "lbs pounds",
        "STONE": "stones",
    },
    "length": {
        "METER": "mtr mtrs m1 meters metre metres",
        "MICROMETER": "micron microns micrometers micrometre micrometres",
        "MILLIMETER": "millimeters millimetre millimetres",
        "CENTIMETER": "centimeters centimetre centimetres",
        "DECIMETER": "decimeters decimetre decimetres",
        "KILOMETER": "kilometers kilometre kilometres",
        "INCH": 'inches " ″ ” zoll duim pouce pouces',
        "FEET": "foot fuss voet",
        "YARD": "yards yds",
        "MILE": "miles",
    },
    "area": {
        "SQUARE_METER": "qm sqm vierkante_meter square_meters square_metre square_metres",
        "SQUARE_MILLIMETER": "qmm sqmm square_millimetre square_millimetres",
        "SQUARE_CENTIMETER": "qcm sqcm square_centimetre square_centimetres",
        "SQUARE_KILOMETER": "sqkm square_kilometre square_kilometres",
        "SQUARE_INCH": "sqin square_inches",
        "SQUARE_FOOT": "sqft square_feet",
        "SQUARE_YARD": "sqyd square_yards",
        "SQUARE_MILE": "sqmi square_miles",
        "HECTARE": "hectares",
        "ACRE": "acres",
    },
    "volume": {
        "LITER": "ltr ltrs lit liters litre litres",
        "MILLILITER": "milliliters millilitre millilitres",
        "CENTILITER": "centiliters centilitre centilitres",
        "DECILITER": "deciliters decilitre decilitres",
        "CUBIC_CENTIMETER": "cc ccm cubic_centimetre cubic_centimetres",
        "CUBIC_METER": "cbm kubieke_meter cubic_meters cubic_metre cubic_metres",
        "CUBIC_INCH": "cuin cubic_inches",
        "CUBIC_FOOT": "cuft cubic_feet",
        # The British and the American ones differ by a fifth, and both are written so.
        "GALLON": "gallons",
        "PINT": "pints",
    },
    "speed": {
        "KILOMETER_PER_HOUR": "kmh kph km/u km/std",
        "MILE_PER_HOUR": "mi/h",
        "KNOT": "knots kt kts",
    },
    "power": {"WATT": "watts", "KILOWATT": "kilowatts", "MEGAWATT": "megawatts"},
    "energy": {
        "JOULE": "joules",
        # On food, Cal with a large letter is the kilocalorie; in a file all in capitals, either.
        "CALORIE": "Cal CAL",
        "KILOCALORIE": "Cal CAL",
    },
    "temperature": {"CELSIUS": "c oC gradC", "FAHRENHEIT": "f oF"},
    "duration": {
        "SECOND": "sec secs seconds seconde secondes sekunde sekunden",
        "MINUTE": "mins minutes minuut minuten",
        "HOUR": "hr hrs hours uur uren std stunde stunden heure heures",
        "DAY": "days dag dagen tag tage jour jours",
        "WEEK": "weeks weken woche wochen semaine semaines",
        "MONTH": "mth mths months maand maanden monat monate mois",
        "YEAR": "y yrs years jaar jaren jahr jahre an ans",
    },
    "voltage": {"VOLT": "volts"},
    "intensity": {"AMPERE": "amp amps amperes"},
    "resistance": {"OHM": "ohms"},
    "pressure": {"PSI": "lbf/in2", "BAR": "bars"},
    "binary": {
        # With a small b it should be bits, and is as often meant for bytes.
        "BYTE": "b bytes",
        "BIT": "b bits",
        "KILOBYTE": "KB kb kilobytes",
        "KILOBIT": "kb Kb kbits",
        "MEGABYTE": "mb Mb megabytes",
        "MEGABIT": "mb Mb mbits",
        "GIGABYTE": "gb Gb gigabytes",
        "GIGABIT": "gb Gb gbits",
        "TERABYTE": "terabytes",
    },
    "angle": {"DEGREE": "deg degrees graden"},
    "volume_flow": {
        "CUBIC_METER_PER_HOUR": "m3/u m3/std cbm/h",
        "LITER_PER_HOUR": "l/u l/std",
        "LITER_PER_MINUTE": "lpm",
    },
    "case_box": {
        # EA and H87 are pieces too in Rec 20, whose own name for C62 is "one".
        "PIECE": "st stk stck stuk stuks stuck piece pieces pcs pce ea each h87 unit units",
        "PAIR": "pairs pr prs paar paren paire paires",
        "DOZEN": "dz dozijn dutzend douzaine dozens",
        "SET": "sets",
    },
}
