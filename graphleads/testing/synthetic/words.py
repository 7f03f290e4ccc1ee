"""The words that the register is made of: invented brands, places and people, and the trades of a real code list.

Brands, towns and family names are compounds, so that short lists give millions of names. Nobody is meant by any.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _scatter(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words in another order: those that come first are drawn most often, and should not be alike."""
    step = round(len(words) * 0.618)
    while math.gcd(step, len(words)) > 1:
        step += 1
    return tuple(words[place * step % len(words)] for place in range(len(words)))


class Trade(NamedTuple):
    """A trade: the word for it in a company's name, its UK SIC 2007 code, and what the code means."""

    word: str
    code: str
    meaning: str


TRADES = (
    Trade("Bakery", "10710", "Manufacture of bread, fresh pastry goods and cakes"),
    Trade("Dairy", "10519", "Manufacture of milk products"),
    Trade("Foods", "10890", "Manufacture of food products"),
    Trade("Brewing", "11050", "Manufacture of beer"),
    Trade("Textiles", "13200", "Weaving of textiles"),
    Trade("Clothing", "14190", "Manufacture of wearing apparel and accessories"),
    Trade("Joinery", "16230", "Manufacture of builders' carpentry and joinery"),
    Trade("Printing", "18129", "Printing"),
    Trade("Chemicals", "20590", "Manufacture of chemical products"),
    Trade("Plastics", "22290", "Manufacture of plastic products"),
    Trade("Glass", "23120", "Shaping and processing of flat glass"),
    Trade("Steel", "24100", "Manufacture of basic iron and steel"),
    Trade("Engineering", "25620", "Machining"),
    Trade("Electronics", "26110", "Manufacture of electronic components"),
    Trade("Instruments", "26511", "Manufacture of electronic measuring and testing equipment"),
    Trade("Lighting", "27400", "Manufacture of electric lighting equipment"),
    Trade("Pumps", "28131", "Manufacture of pumps"),
    Trade("Furniture", "31090", "Manufacture of furniture"),
    Trade("Toys", "32409", "Manufacture of games and toys"),
    Trade("Energy", "35110", "Production of electricity"),
    Trade("Water", "36000", "Water collection, treatment and supply"),
    Trade("Recycling", "38320", "Recovery of sorted materials"),
    Trade("Construction", "41201", "Construction of commercial buildings"),
    Trade("Homes", "41202", "Construction of domestic buildings"),
    Trade("Roads", "42110", "Construction of roads and motorways"),
    Trade("Electrical", "43210", "Electrical installation"),
    Trade("Plumbing", "43220", "Plumbing, heat and air-conditioning installation"),
    Trade("Roofing", "43910", "Roofing"),
    Trade("Motors", "45112", "Sale of used cars and light motor vehicles"),
    Trade("Garages", "45200", "Maintenance and repair of motor vehicles"),
    Trade("Seafood", "46380", "Wholesale of fish, crustaceans and molluscs"),
    Trade("Timber", "46730", "Wholesale of wood and construction materials"),
    Trade("Wholesale", "46900", "Non-specialised wholesale trade"),
    Trade("Stores", "47190", "Retail sale in non-specialised stores"),
    Trade("Books", "47610", "Retail sale of books"),
    Trade("Pharmacy", "47730", "Dispensing chemist"),
    Trade("Logistics", "49410", "Freight transport by road"),
    Trade("Shipping", "50200", "Sea and coastal freight water transport"),
    Trade("Warehousing", "52103", "Warehousing and storage for land transport"),
    Trade("Couriers", "53202", "Unlicensed carriers"),
    Trade("Hotels", "55100", "Hotels and similar accommodation"),
    Trade("Kitchens", "56101", "Licensed restaurants"),
    Trade("Catering", "56210", "Event catering"),
    Trade("Publishing", "58110", "Book publishing"),
    Trade("Telecom", "61900", "Telecommunications"),
    Trade("Software", "62012", "Business and domestic software development"),
    Trade("Systems", "62020", "Information technology consultancy"),
    Trade("Hosting", "63110", "Data processing and hosting"),
    Trade("Insurance", "65120", "Non-life insurance"),
    Trade("Property", "68209", "Letting and operating of own or leased real estate"),
    Trade("Legal", "69102", "Solicitors"),
    Trade("Accounting", "69201", "Accounting and auditing"),
    Trade("Consulting", "70229", "Management consultancy"),
    Trade("Architects", "71111", "Architecture"),
    Trade("Laboratories", "71200", "Technical testing and analysis"),
    Trade("Research", "72190", "Research on natural sciences and engineering"),
    Trade("Media", "73110", "Advertising agencies"),
    Trade("Design", "74100", "Specialised design"),
    Trade("Leasing", "77390", "Renting and leasing of machinery and equipment"),
    Trade("Staffing", "78200", "Temporary employment agency"),
    Trade("Travel", "79110", "Travel agency"),
    Trade("Security", "80100", "Private security"),
    Trade("Cleaning", "81210", "General cleaning of buildings"),
    Trade("Gardens", "81300", "Landscape services"),
    Trade("Events", "82302", "Conference organisers"),
    Trade("Training", "85590", "Education"),
    Trade("Dental", "86230", "Dental practice"),
    Trade("Fitness", "93130", "Fitness facilities"),
)

HOLDING_TRADE = Trade("Holdings", "64209", "Activities of holding companies")

_PLAIN_FIRST = _words(
    "Acorn Almond Anvil Apricot Aurora Bamboo Basalt Beacon Bramble Canary Cascade Cinder Citrus Cobalt Comet "
    "Coral Cricket Crimson Dahlia Dolphin Ember Falcon Feather Flint Garnet Ginger Granite Harbour Heron "
    "Indigo Jasmine Juniper Kestrel Lantern Larch Lilac Magnet Marble Meadow Meridian Mistral Nimbus Nutmeg "
    "Obsidian Orchid Osprey Paprika Pebble Pelican Quartz Quill Saffron Sapling Tamarind Thistle Topaz Tundra "
    "Umber Velvet Zephyr"
)
_PREFIX = _words(
    "Amber Ash Barrow Birch Bright Briar Clay Cliff Cold Copper Dell Elder Elm Fair Fern Fox Glen Gold Green "
    "Grey Hazel High Holly Iron Ivy Long Maple Moor Nether North Oak Otter Raven Red Silver Stone Swan Thorn "
    "West Wolf"
)
_SUFFIX = _words(
    "acre bank beck bourne bridge brook cliffe combe croft dale den field ford gate grange ham hurst land ley "
    "mere mill moss ridge wick"
)

FIRST = (*_PLAIN_FIRST, *(prefix + suffix for prefix in _PREFIX for suffix in _SUFFIX))
"""First words of brands, all different."""

SECOND = _words(
    "Anchor Arch Arrow Avenue Barn Bay Bell Bridge Brook Canal Cape Castle Chapel Circle Coast Compass Corner "
    "Cove Creek Cross Crown Dock Field Forge Fountain Garden Gate Grove Harvest Haven Hill Horizon House "
    "Island Key Lake Lane Leaf Light Line Lodge Loft Market Mast Mill Monument Mountain Oak Orchard Park Path "
    "Peak Pier Point Port Quarter Quay Reach Ridge River Road Rock Sail Shore Spire Spring Square Station "
    "Stream Summit Terrace Tower Tree Valley View Wharf Wheel Wood Yard"
)
"""Second words of brands."""

MEMBERS = _words(
    "Holdings Services International Properties Trading Supplies Solutions Projects Investments Europe Direct "
    "Technology North South East West Central Midlands Coastal Rental Support Finance Estates Export Import "
    "Distribution Ventures Facilities Nominations Pensions"
)
"""What the members of a corporate group put behind the group's name; the top company is the first."""

GIVEN = _scatter(
    _words(
        "Ada Alan Alice Amir Anna Arjun Astrid Ben Bianca Boris Carla Cedric Chloe Clara Conrad Dana Darius David "
        "Delia Diego Edith Edwin Elena Elias Ella Emil Emma Erik Esther Ewan Fatima Felix Fiona Flora Frank "
        "George Gita Grace Greta Hannah Harold Hector Helen Hugo Ida Igor Imran Ingrid Irene Ivan Jacob Jana "
        "Jasper Jean Joel Jonas Judith Julia Karim Kate Keith Laila Lars Laura Leo Lena Lewis Lin Lola Lucas "
        "Lydia Magnus Maja Marco Maria Marta Max Mei Mina Miriam Naomi Nadia Neil Nina Noel Nora Olga Oliver Omar "
        "Oscar Otto Paul Petra Philip Priya Quentin Rafael Ravi Rita Robin Rosa Ruben Ruth Samir Sara Selma Simon "
        "Sofia Stella Sven Tara Theo Thomas Tilda Una Uri Vera Victor Viola Walter Wanda Wei Xenia Yara Yusuf "
        "Zara Zeno"
    )
)
"""Given names, the frequent ones first."""

_FAMILY_PREFIX = _words(
    "Alder Ander Bar Bel Ben Black Bran Brom Cal Car Cor Dar Del Dun Eller Fal Far Gar Gil Hal Har Hel Kel "
    "Kings Lang Lor Mal Mar Mel Nor Pen Per Quin Ran Ros Sel Shel Tal Ver Wal Wen Wil"
)
_FAMILY_SUFFIX = _words(
    "away bard combe den dine fax ford gate gren hart ick lake low mond more ner ney rick row son stead ton "
    "vale well wyn"
)

FAMILY = _scatter([prefix + suffix for prefix in _FAMILY_PREFIX for suffix in _FAMILY_SUFFIX])
"""Family names, the frequent ones first."""

_TOWN_PREFIX = _words(
    "Aber Arn Bex Brad Caer Chel Dray Ellis Ever Fen Gains Hart Inver Kest Lam Mal New Old Pont Rams Sea Tarn "
    "Upper Whit Yar"
)
_TOWN_SUFFIX = _words("borough bury chester combe haven holm market mouth ness port stead thorpe ton wick worth")

TOWNS = _scatter([prefix + suffix for prefix in _TOWN_PREFIX for suffix in _TOWN_SUFFIX])
"""Towns, the large ones first."""

REGIONS = _words("Northmarch Eastfold Southmere Westvale Midshire Highdown Lowland Seaboard")

_STREET_FIRST = _words(
    "Abbey Alma Apple Baker Bishop Bridge Castle Cedar Chapel Church Cooper Court Dyer Fisher Foundry Garden "
    "George Hill King Lime Market Meadow Mill Orchard Park Prince Queen Rose Saddler School Spring Station "
    "Tanner Temple Tower Union Victoria Water Weaver Windmill"
)

STREETS = tuple(
    f"{first} {kind}" for first in _STREET_FIRST for kind in ("Street", "Road", "Lane", "Row", "Way", "Yard", "Place")
)

ODD_NAMES = (
    "O'Dell & Daughters Ltd",
    "Brandt, Vogel and Partners LLP",
    "Grünwald Bäckerei Ltd",
    "青河贸易有限公司",
    'The "Little" Print Shop Ltd',
)
"""Names of won customers that break careless code: apostrophe, ampersand, comma, umlaut, Chinese, quotes."""

SCRIPT_NAME = "<script>alert('Bluebell')</script> Web Studio Ltd"
"""The name of one planted lead: whoever shows it must escape it."""

SECRETARY_NAME = "Quillon Corporate Secretaries Ltd"
"""The company that is secretary of thousands."""

REPS = ("Ines Calloway", "Tomas Verrell", "Priya Ashdene")
"""The three reps who own the accounts."""
