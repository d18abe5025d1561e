"""The sample's scripted agreements of Missouri: together they reach every step of every schedule.

A script is a line: name, schedule, class and terms | values by their names. Of several values a
read takes the next one each month, or that of its calendar month where there are twelve; `-` is
blank. Five values all fall into each season. `rider` is followed by its code, its start (a date,
or +n for the beginning of month n), option and quantity; `unit` by code, quantity, watts, month
it starts and month it ends; `months` are the first and the last one served, from 0; `partner`
names the script it is combined with. A line that begins with | goes on with the one before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MISSOURI_SCRIPTS = """
rs3 RS-3 residential single | kwh 0 30 31 100 2500
rs3-blocks RS-3 residential single | kwh 101 300 301 600 3000
rs3-water RS-3 residential single water | kwh 0 149 150 451 2600
rs3-space RS-3 residential single space | kwh 0 12 100 601 4200
rs3-both RS-3 residential three space water | kwh 450 900 901 5 3800
rs3-solar RS-3 residential single | kwh 500 300 800 1500 700 | kwh_received 0 450 2500 900 100
| rider NM-1 2014-06-01
rs3-community RS-3 residential single | kwh 640 0 1150 820 90 | rider CSP-1 2016-08-20 - 4
rs4 RS-4 residential single space water electric | kwh 0 500 501 900 3500
rs4-small RS-4 residential single space electric | kwh 1 100 899 1200 5000
rs4-community RS-4 residential single electric | kwh 700 1900 0 450 1000 | rider CSP-1 +3 - 2
rs4-left RS-4 residential single electric | kwh 810 1500 640 930 | months 0 5

gs1 GS-1 commercial single | kwh 0 16 17 100 200
gs1-three GS-1 commercial three | kwh 0 5 800 801 9000
gs1-demand GS-1 commercial three | kwh 20 1500 0 6000 300 | kw 14.5 10.4 9.5 22 3
gs1-factor GS-1 commercial three | kwh 2500 900 4100 10 3000 | kw 12 9 30 8.4 11
| power_factor 0.7 0.84 0.85 0.95 -
gs1-solar GS-1 commercial single | kwh 900 400 1200 50 0 | kwh_received 100 900 1900 40 350
| rider NM-1 2015-01-01
gs1-partner GS-1 commercial three | kwh 1200 30 4000 900 2600 | kw 18 6 25 9.5 14
gssh1 GSSH-1 commercial three space | kwh 8000 1 200 5000 0 | partner gs1-partner
| kw 20 15 3 40 - 9 - 11 5 20 15 40
gs1-no-phase GS-1 commercial | kwh 700 650 | months 1 2
sch1 SCH-1 school three | kwh 12000 9500 11000 | kw 45 40 42 | months 0 2
lgs1 LGS-1 commercial three | kwh 30000 75600 6000 500 97500 | kw 60 180 40 7 150
lgs1-small LGS-1 commercial three | kwh 900 2000 0 1200 30 | kw 6 9 4 8 2
lgs1-idle LGS-1 commercial three | kwh 100 200 0 50 10 | kw 90 100 80 5 2
lgs1-factor LGS-1 commercial three | kwh 40000 52000 47000 3000 61000 | kw 110 140 95 88 160.5
| power_factor 0.72 0.84 0.85 - 0.99
lgs1-primary LGS-1 industrial three primary owned | kwh 160000 90000 20 150000 130000
| kw 400 350 160 200 300 | power_factor 0.9 0.78
lgs1-primary-small LGS-1 industrial three primary owned | kwh 12000 30000 50 21000 26000
| kw 50 70 20 60 74
lgs1-metered LGS-1 industrial three primary owned metered | kwh 90000 46000 120000 78000 60000
| kw 220 180 260 240 190 | power_factor 0.81 - 0.92
lgs1-solar LGS-1 commercial three | kwh 15000 9000 21000 8000 12000 | kw 60 55 82 47 70
| kwh_received 2000 9500 23000 0 13000 | rider NM-1 2015-05-30
lgs1-partner LGS-1 commercial three | kwh 42000 18000 30000 25000 36000 | kw 130 90 75 85 120
gssh1-large GSSH-1 commercial three space | kwh 16000 30000 900 22000 7000 | kw 70 95 12 60 30
| partner lgs1-partner
lgs1-edr-a LGS-1 industrial three | kwh 120000 150000 98000 143000 | kw 260 310 240 290
| rider EDR-5 2014-09-05 A
lgs1-edr-b LGS-1 industrial three | kwh 130000 140000 90000 155000 | kw 280 300 230 320
| rider EDR-5 +1 B

tegs TEGS commercial three space electric | kwh 9000 76000 200000 600000 300
| kw 30 200 600 1200 215
tegs-large TEGS commercial three space electric | kwh 1200000 1100000 1150000 300000 100000
| kw 2600 2400 2500 1900 2300
tegs-small TEGS commercial three space electric | kwh 800 2500 30 1900 700 | kw 5 12 19 8 3
tegs-winter TEGS commercial three space electric | kwh 36000 39000 30000
| kw 100 120 110 100 90 80 90 88 85 112 100 150

lp2 LP-2 industrial three primary | kwh 1300000 900000 650000 210000 60000
| kw 2600 2200 1500 700 350
lp2-small LP-2 industrial three primary | kwh 40000 61000 22000 9000 70000 | kw 120 150 90 60 180
lp2-idle LP-2 industrial three primary | kwh 4000 900 100 50 10 | kw 900 100 50 20 10
lp2-factor LP-2 industrial three primary | kwh 300000 280000 410000 150000 | kw 640 600 810 500
| power_factor 0.8 0.86 0.74 - | investment 185000
lp2-high LP-2 industrial three transmission owned | kwh 1900000 2300000 2600000 20000 2200000
| kw 2500 3500 5200 1000 3100 | power_factor 0.91 - 0.83
lp2-high-rented LP-2 industrial three transmission | kwh 1700000 1800000 900000
| kw 2700 3300 2000 | investment 92960.5
lp2-edr-a LP-2 industrial three primary | kwh 420000 390000 450000 | kw 820 760 900
| rider EDR-5 +1 A
lp2-edr-b LP-2 industrial three primary | kwh 400000 410000 380000 | kw 800 790 740
| rider EDR-5 2014-09-05 B
scis1 SCIS-1 industrial three primary | kwh 700000 900000 1390000 300000 650000
| kw_on_peak 800 1500 2600 900 1200 | kw_off_peak 900 2600 1500 950 1200
| power_factor - 0.93 0.99 0.88 0.95
scis1-firm SCIS-1 industrial three primary | kwh 600000 820000 710000 520000 900000
| kw_on_peak 1100 1400 1250 700 1600 | kw_off_peak 1900 1800 1250 990 2100
| power_factor 0.96 0.9 | kwh_interruption 0 12000 - 3000 0 | investment 240000 | backup 400
scis1-edr SCIS-1 industrial three primary | kwh 510000 640000 590000
| kw_on_peak 1000 1300 1150 | kw_off_peak 1200 1250 1400 | rider EDR-5 +1 B

ch1 CH-1 church single | kwh 0 100 400 4000 9000
ch1-three CH-1 church three | kwh 0 5 401 4001 11000
ch1-demand CH-1 church three | kwh 900 22000 60000 24500 30000 | kw 40 55 120 70 20
| power_factor 0.8 0.9 - 0.84
ch1-electric CH-1 church three electric | kwh 0 400 10000 25000 3 | kw 45 60 90 80 10
edu1 EDU-1 school single | kwh 0 100 400 4000 9000
edu1-three EDU-1 school three | kwh 0 5 401 4001 11000
edu1-demand EDU-1 school three | kwh 900 22000 60000 24500 30000 | kw 40 55 120 70 20
| power_factor 0.8 0.9 - 0.84
edu1-electric EDU-1 school three electric | kwh 0 400 10000 25000 3 | kw 45 60 90 80 10
sp1 SP-1 municipal three | kwh 500 9000 0 30000 100 | kw 4 25 12 60 8
| power_factor 0.85 0.79 - 0.81 1
sp1-small SP-1 municipal three | kwh 300 900 0 1400 100 | kw 2 5 3 8 1

pl3 PL-3 residential single | unit A-175 2 - - 5 | unit A-400 1 | unit B-70 1 | unit B-150 2
| unit C-70 1 | unit C-250 1 | unit C-400 2 | unit D 3302.00 | unit E 3 | unit F 2 - 5
| unit B-70 2 - 5
psl2fr PSL-2FR municipal single | kwh 0 | unit b-1 391 210 | unit b-2 74 91
psl3cf PSL-3CF municipal single | unit c-1 15 465 | unit c-2 12 188 | unit c-3 166 295
psl3df PSL-3DF municipal single | unit c-1 8 465 | unit c-2 21 188 | unit c-3 40 295
trs2 TRS-2 municipal single | kwh 450 600 0 380 | unit A 33 | unit EVTC-a 40769.00
| unit EVTC-b 89014.00
"""

# Every pole of PSL-3CF and PSL-3DF, and every contribution to one of PSL-3CF, over 18 months.
POLES = tuple(f"b-{number}" for number in range(1, 17))
POLE_UNITS = {
    "psl3cf": [
        *(f"{pole} {20 + place} 128" for place, pole in enumerate(POLES)),
        *(
            f"{pole}:{watts}:{kind} 1 - {place}"
            for place, pole in enumerate(POLES)
            for watts in (150, 250, 400)
            for kind in ("substitute", "additional")
        ),
    ],
    "psl3df": [f"{pole} {15 + place} 188" for place, pole in enumerate(POLES)],
}


@dataclass(frozen=True)
class Script:
    """An agreement whose reads are written out; `values` are the words after each name."""

    name: str
    utility: str
    schedule: str
    customer_class: str
    terms: str
    values: Mapping[str, str]
    riders: Sequence[str]
    units: Sequence[str]

    @property
    def months(self) -> tuple[int, int | None]:
        """The first month served, and the last where there is one."""
        first, last = self.values.get("months", "0 -").split()
        return int(first), None if last == "-" else int(last)


def scripts(utility: str, table: str) -> list[Script]:
    """The scripts of a table."""
    lines = table.replace("\n|", " |").splitlines()
    return [_script(utility, line) for line in lines if line]


def _script(utility: str, line: str) -> Script:
    """A script from its line."""
    who, *cells = (cell.strip() for cell in line.split("|"))
    name, schedule, customer_class, *terms = who.split()
    values = [(key, words) for key, _, words in (cell.partition(" ") for cell in cells)]
    riders = [words for key, words in values if key == "rider"]
    units = [words for key, words in values if key == "unit"] + POLE_UNITS.get(name, [])
    return Script(
        name, utility, schedule, customer_class, " ".join(terms), dict(values), riders, units
    )
