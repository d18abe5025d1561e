"""The customer classes of the sample's crowd: who takes which schedule, and how they use power.

The shares are those of a municipal utility; the customers are invented. Energy is in kWh for 30
days, shapes and load factors are per mille, so that all arithmetic is in whole numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MISSOURI, IOWA = "ipl-mo", "ilpt-ia"
PREFIX = {MISSOURI: "M", IOWA: "I"}
SHARES = 100_000

# What does not depend on the weather, and what the coldest and the hottest month add.
SHAPES = {
    "home": (550, 60, 620),
    "warm-home": (480, 950, 560),
    "shop": (700, 90, 420),
    "warm-shop": (600, 800, 380),
    "heater": (150, 1200, 60),
    "plant": (900, 40, 160),
    "steady": (1000, 0, 0),
    "lights": (0, 0, 0),
}

# name schedule class share terms | lowest and highest kWh, shape | lowest and highest load factor,
# percent with a demand meter, percent with a known power factor | profile it is combined with or
# billed to. The shares of a utility make 100,000.
MISSOURI_PROFILES = """
rs3 RS-3 residential 58000 single | 350 3000 home
rs3-water RS-3 residential 7000 single water | 450 3200 home
rs3-space RS-3 residential 5500 single space | 450 2800 warm-home
rs3-both RS-3 residential 4500 single space water | 500 3000 warm-home
rs4 RS-4 residential 10000 single space water electric | 500 3000 warm-home
gs1 GS-1 commercial 7240 single | 60 4500 shop
gs1-demand GS-1 commercial 2200 three | 900 26000 shop | 180 550 100 25
lgs1 LGS-1 commercial 1200 three | 9000 140000 shop | 300 720 100 60
lgs1-primary LGS-1 industrial 80 three primary owned | 60000 400000 plant | 400 780 100 80
lgs1-metered LGS-1 industrial 40 three primary owned metered | 60000 300000 plant | 400 780 100 80
tegs TEGS commercial 250 three space electric | 6000 300000 warm-shop | 250 650 100 0
lp2 LP-2 industrial 100 three primary | 120000 1600000 plant | 420 820 100 80
lp2-high LP-2 industrial 10 three transmission owned | 1500000 3500000 plant | 500 850 100 90
ch1 CH-1 church 500 three | 400 16000 shop | 120 420 65 20
ch1-electric CH-1 church 80 three electric | 900 24000 warm-shop | 150 450 65 20
ch1-hospital CH-1 hospital 30 three | 30000 500000 shop | 500 780 100 70
edu1 EDU-1 school 200 three | 6000 120000 shop | 250 560 80 40
edu1-electric EDU-1 school 60 three electric | 6000 140000 warm-shop | 250 560 80 40
sp1 SP-1 municipal 90 three | 300 30000 steady | 150 600 100 40
gssh1 GSSH-1 commercial 400 three space | 600 9000 heater | 200 500 100 0 | combined gs1-demand
gssh1-large GSSH-1 commercial 100 three space | 4000 40000 heater | 200 500 100 0 | combined lgs1
scis1 SCIS-1 industrial 5 three primary | 500000 3500000 plant | 500 850 100 70
pl3 PL-3 residential 2215 single | 0 0 lights | 0 0 0 0 | billed rs3
psl2fr PSL-2FR municipal 40 single | 0 0 lights
psl3cf PSL-3CF municipal 40 single | 0 0 lights
psl3df PSL-3DF municipal 40 single | 0 0 lights
trs2 TRS-2 municipal 80 single | 120 900 steady
"""

IOWA_PROFILES = """
re RE residential 84000 single | 300 2600 home
ce CE commercial 12500 three | 150 8000 shop | 300 550 50 20
sp SP commercial 1300 three | 22000 42000 shop | 350 480 100 30
lp LP industrial 180 three | 110000 300000 plant | 450 650 100 40
ip IP industrial 20 three primary | 700000 2500000 plant | 500 800 100 60
al AL residential 2000 single | 0 0 lights | 0 0 0 0 | billed re
"""

# What the terms of an agreement of a profile may become: profile, schedule, terms.
CHANGES = """
rs3 RS-3 single space
rs3-water RS-3 single space water
rs3-space RS-4 single space electric
gs1-demand LGS-1 three
lgs1 LGS-1 three primary owned
"""

# Out of 1,024 agreements of a schedule, how many are enrolled in a rider; each in one at most.
RIDERS = """
RS-3 NM-1 4 CSP-1 8
RS-4 NM-1 4 CSP-1 8
GS-1 NM-1 5 CSP-1 3
LGS-1 EDR-5 20 CSP-1 4
LP-2 EDR-5 60
RE DG 10 ERDG 6 E-AE 15
CE DG 8 ERDG 6 E-AE 15
SP DG 8 ERDG 6 E-AE 10
LP DG 10 E-AE 20
IP DG 10 E-AE 20
"""

# When customers enrol: the earliest day, and how many days on.
RIDER_STARTS = """
NM-1 2013-01-01 900
CSP-1 2016-08-01 700
EDR-5 2014-09-01 1100
DG 2019-01-01 1800
ERDG 2015-01-01 1600
E-AE 2025-01-01 300
"""

# The lights, poles and signals of an agreement: schedule, unit code, watts with ballast, chance in
# percent, lowest and highest quantity. The first of a schedule is always there.
UNITS = """
PL-3 B-150 0 100 1 2
PL-3 C-250 0 25 1 3
PL-3 A-175 0 15 1 1
PL-3 C-400 0 8 1 4
PL-3 E 0 30 1 2
PL-3 D 0 5 300 2500
PSL-2FR b-2 188 100 20 300
PSL-2FR b-1 210 60 10 200
PSL-3CF b-1 128 100 20 400
PSL-3CF b-3 295 50 10 120
PSL-3CF c-1 188 60 5 250
PSL-3DF b-1 128 100 20 400
PSL-3DF b-15 91 50 10 150
PSL-3DF c-2 295 60 5 200
TRS-2 A 0 100 1 2
TRS-2 EVTC-a 0 35 4000 30000
TRS-2 EVTC-b 0 20 4000 30000
AL AL6 0 100 1 2
AL AL8 0 20 1 3
AL POLE 0 40 1 2
AL SPAN 0 30 1 4
"""

# By calendar month, January first, per mille of the coldest and the hottest: what the weather of
# a billing month asks for, and what the sun gives.
HEATING = (1000, 900, 640, 330, 110, 10, 0, 0, 30, 230, 560, 890)
COOLING = (0, 0, 20, 60, 180, 600, 920, 1000, 640, 160, 10, 0)
SUNSHINE = (380, 470, 640, 780, 880, 960, 1000, 930, 780, 620, 430, 340)


@dataclass(frozen=True)
class Profile:
    """A class of customers, and the places it fills in its utility's crowd: first to before next.

    `use` are lowest and highest kWh and the three parts of the shape; `demand` lowest and highest
    load factor, percent with a demand meter and with a power factor; `terms` voltage, phase and
    true attributes as words; `host` the profile whose agreements it is billed to.
    """

    name: str
    utility: str
    schedule: str
    customer_class: str
    terms: str
    use: Sequence[int]
    demand: Sequence[int]
    host: str
    combines: bool
    first: int
    next: int


def words_of(table: str) -> list[list[str]]:
    """The words of each line of a table."""
    return [line.split() for line in table.strip().splitlines()]


def profiles(crowds: Mapping[str, int]) -> list[Profile]:
    """The profiles of both utilities; each crowd is shared out among its utility's."""
    found = []
    for utility, table in ((MISSOURI, MISSOURI_PROFILES), (IOWA, IOWA_PROFILES)):
        taken = 0
        for line in table.strip().splitlines():
            first, taken = taken, taken + int(line.split()[3])
            crowd = crowds[utility]
            found.append(_profile(utility, line, crowd * first // SHARES, crowd * taken // SHARES))
    return found


def _profile(utility: str, line: str, first: int, following: int) -> Profile:
    """A profile from its line."""
    who, use, demand, host = [*(cell.split() for cell in line.split("|")), [], []][:4]
    name, schedule, customer_class, _, *terms = who
    low, high, shape = use
    return Profile(
        name=name,
        utility=utility,
        schedule=schedule,
        customer_class=customer_class,
        terms=" ".join(terms),
        use=(int(low), int(high), *SHAPES[shape]),
        demand=[int(word) for word in demand] or [0, 0, 0, 0],
        host=host[1] if host else "",
        combines=host[:1] == ["combined"],
        first=first,
        next=following,
    )
