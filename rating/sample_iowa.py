"""The sample's scripted agreements of Iowa: together they reach every charge of every schedule.

They are written as `sample_scripts` says. The fifth month is that of a supplier's refund, whose
adjustment makes every minimum bind; the fifth values are therefore those of a high load factor.
"""

IOWA_SCRIPTS = """
re RE residential single | kwh 0 300 1 2500 900
re-blocks RE residential single | kwh 640 0 980 1210 720 | rider E-AE +2 - 5
re-solar RE residential single | kwh 500 410 0 900 760 | kwh_received 120 0 640 300 820
| rider DG 2020-01-01
re-bank RE residential single | kwh 500 410 390 900 760 | kwh_received 120 0 640 1300 300
| rider ERDG 2018-01-01
re-early RE residential single | kwh 480 610 390
ce CE commercial three | kwh 0 4000 20 9500 6000 | kw 8 16 - 31 14
ce-blocks CE commercial three | kwh 1500 2200 900 0 3100 | rider E-AE 2025-01-02 - 4
ce-bank CE commercial three | kwh 2500 1800 2900 2100 1600 | kwh_received 400 2600 0 3000 1200
| rider ERDG 2018-01-01
ce-solar CE commercial three | kwh 2500 1800 2900 2100 2600 | kwh_received 400 2600 0 3000 1200
| rider DG +2
sp SP commercial three | kwh 26000 3000 18000 900 24000 | kw 60 75 90 120 55
sp-solar SP commercial three | kwh 21000 15000 8000 24000 30000 | kw 55 62 80 71 68
| kwh_received 900 0 1500 2200 3000 | rider DG 2025-02-01
sp-bank SP commercial three | kwh 9000 12000 7000 11000 26000 | kw 52 60 58 66 64
| kwh_received 12000 3000 0 14000 200 | rider ERDG 2018-01-01
lp LP industrial three | kw 300 420 250 510 260
| kwh_on_peak 45000 60000 30000 9000 70000 | kwh_off_peak 50000 52000 30000 4000 72000
| kw_on_peak 280 420 250 460 240 | kw_off_peak 300 400 245 510 260
lp-night LP industrial three | kw 320 380 300 350 340 | rider E-AE +1 - 10
| kwh_on_peak 900 0 1200 800 500 | kwh_off_peak 80000 90000 70000 65000 140000
| kw_on_peak 12 0 15 10 8 | kw_off_peak 320 380 300 350 340
ip IP industrial three primary | kw 1500 2100 1250 1900 1700
| kwh_on_peak 300000 410000 200000 260000 480000
| kwh_off_peak 320000 380000 210000 250000 520000
| kw_on_peak 1500 2050 1200 1900 1600 | kw_off_peak 1450 2100 1250 1700 1700
ip-solar IP industrial three primary | kw 1200 1100 1300 1250 1150
| kwh_on_peak 250000 240000 260000 230000 340000 | kwh_off_peak 230000 220000 240000 250000 380000
| kw_on_peak 1200 1050 1300 | kw_off_peak 1100 1100 1200
| kwh_received 2000 0 5000 | rider DG 2020-01-01
al AL municipal single | unit AL6 5 | unit AL7 4 | unit AL8 1 | unit AL9 6 | unit POLE 3
| unit SPAN 6 | unit UG100 3
"""
