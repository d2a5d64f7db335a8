"""The sample answers of the reference (alphaess.md section 3), and arbitrary JSON."""

import json
from typing import Any

from hypothesis import strategies as st

from tests.odd_json import anything, damaged

ESS_LIST: list[dict[str, Any]] = json.loads("""[
 {"sysSn":"AL7011024010101","popv":8.2,"minv":"SMILE5-INV","poinv":5.0,"cobat":13.34,
  "mbat":"SMILE-BAT-13.3P","surplusCobat":12.01,"usCapacity":90.0,"emsStatus":"Normal"},
 {"sysSn":"ALD0310240202","popv":9.2,"minv":"SMILE-G3-S8-INV","poinv":8.0,"cobat":19.2,
  "mbat":"SMILE-G3-BAT-4.5S","surplusCobat":18.24,"usCapacity":95.0,"emsStatus":"Normal"}
]""")
LAST_POWER: dict[str, Any] = json.loads("""{
 "ppv":3120.0,
 "ppvDetail":{"ppv1":1710.0,"ppv2":1410.0,"ppv3":0.0,"ppv4":0.0,"pmeterDc":0.0},
 "pload":985.0,"soc":62.4,
 "pgrid":-310.0,"pgridDetail":{"pmeterL1":-310.0,"pmeterL2":0.0,"pmeterL3":0.0},
 "pbat":-1825.0,"prealL1":1241.0,"prealL2":0.0,"prealL3":0.0,
 "pev":0,"pevDetail":{"ev1Power":null,"ev2Power":null,"ev3Power":null,"ev4Power":null}
}""")
NO_POWER: dict[str, Any] = dict.fromkeys(LAST_POWER)
DAY_POWER: list[dict[str, Any]] = json.loads("""[
 {"sysSn":"AL7011024010101","uploadTime":"2026-05-03 13:10:04","ppv":3105.0,
  "load":960.0,"cbat":62.0,"feedIn":305.0,"gridCharge":0.0,"pchargingPile":0},
 {"sysSn":"AL7011024010101","uploadTime":"2026-05-03 13:05:04","ppv":3080.0,
  "load":955.0,"cbat":60.8,"feedIn":300.0,"gridCharge":0.0,"pchargingPile":0}
]""")
DATE_ENERGY: dict[str, Any] = json.loads("""{
 "sysSn":"AL7011024010101","theDate":"2026-05-03","epv":21.6,"eInput":3.41,
 "eOutput":9.87,"eCharge":8.3,"eDischarge":6.9,"eGridCharge":0.0,"eChargingPile":0.0
}""")
SUM_DATA: dict[str, Any] = json.loads("""{
 "epvtoday":21.6,"epvtotal":15320.4,"eload":13.74,"eoutput":9.87,"einput":3.41,
 "echarge":8.3,"edischarge":6.9,"todayIncome":2.41,"totalIncome":2963.1,
 "eselfConsumption":0.54,"eselfSufficiency":0.75,"treeNum":2623.9,"carbonNum":13175.5,
 "moneyType":"EUR"
}""")
CHARGE: dict[str, Any] = {
    "gridCharge": 0,
    "timeChaf1": "01:00",
    "timeChae1": "05:00",
    "timeChaf2": "00:00",
    "timeChae2": "00:00",
    "batHighCap": 100,
}
DISCHARGE: dict[str, Any] = {
    "ctrDis": 1,
    "timeDisf1": "17:00",
    "timeDise1": "21:00",
    "timeDisf2": "00:00",
    "timeDise2": "00:00",
    "batUseCap": 10,
}
PERIODIC: dict[str, Any] = json.loads("""{
 "sysSn":"ALD0310240202","executeCycleType":1,"gridChargeCycle":0,"ctrDisCycle":0,
 "chargeTimeList":[{"executeCycleType":1,"strategyType":0,"beginTime":"02:00",
   "endTime":"05:00","weeks":[6,5,4,3,2,1,7],"sort":1,"chargePower":5000,
   "chargeLimit":90.0}],
 "dischargeTimeList":[{"executeCycleType":1,"strategyType":1,"beginTime":"17:00",
   "endTime":"21:30","weeks":[6,5,4,3,2,1,7],"sort":1,"chargePower":5000,
   "chargeLimit":15.0}]
}""")
CHARGERS: list[dict[str, Any]] = [
    {"evchargerSn": "ALP0110240303", "evchargerModel": "SMILE-EVCT11"}
]

SAMPLES: list[Any] = [
    *ESS_LIST,
    LAST_POWER,
    *DAY_POWER,
    DATE_ENERGY,
    SUM_DATA,
    CHARGE,
    DISCHARGE,
    PERIODIC,
    *PERIODIC["chargeTimeList"],
    *CHARGERS,
    {"evchargerStatus": 3, "currentsetting": 32.0},
    {"cobat": 1, "pChargingPile": 1, "charge": CHARGE, "discharge": DISCHARGE},
    {"periodic": PERIODIC},
]

documents = st.one_of(anything, st.sampled_from(SAMPLES).flatmap(damaged))
objects = documents.filter(lambda document: isinstance(document, dict))
