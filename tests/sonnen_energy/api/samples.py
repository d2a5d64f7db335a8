"""The sample answers of the reference (sonnen.md section 3), and arbitrary JSON."""

import json
from typing import Any

from hypothesis import strategies as st

from tests.odd_json import anything, damaged

STATUS: dict[str, Any] = json.loads("""{
 "Apparent_output":1210,"BackupBuffer":"20","BatteryCharging":false,
 "BatteryDischarging":true,"Consumption_Avg":1000,"Consumption_W":1320,
 "Fac":49.98400115966797,"FlowConsumptionBattery":true,"FlowConsumptionGrid":false,
 "FlowConsumptionProduction":true,"FlowGridBattery":false,
 "FlowProductionBattery":false,"FlowProductionGrid":false,"GridFeedIn_W":0,
 "IsSystemInstalled":1,"OperatingMode":"2","Pac_total_W":1200,"Production_W":120,
 "RSOC":72,"RemainingCapacity_Wh":15048,"Sac1":1210,"Sac2":null,"Sac3":null,
 "SystemStatus":"OnGrid","Timestamp":"2026-03-10 18:00:00","USOC":65,"Uac":231,
 "Ubat":209,"dischargeNotAllowed":false,"generator_autostart":false
}""")
LATEST: dict[str, Any] = json.loads("""{
 "Consumption_W":1320,"FullChargeCapacity":10000.0,"GridFeedIn_W":0,
 "Pac_total_W":1200,"Production_W":120,"RSOC":72,"SetPoint_W":1195,
 "Timestamp":"2026-03-10 18:00:00","USOC":65,"UTC_Offet":1,
 "ic_status":{
  "DC Shutdown Reason":{"Critical BMS Alarm":false,"Electrolyte Leakage":false,
   "HW_Shutdown":false,"Minimum rSOC of System reached":false},
  "Eclipse Led":{"Blinking Green":false,"Blinking Red":false,"Blinking blue":false,
   "Brightness":100,"Eclipse Status":"0x01 - ONGRID_READY","Pulsing Green":false,
   "Pulsing Orange":false,"Pulsing Red":false,"Pulsing White":true,
   "Rotating sonnenGradient":false,"Solid Red":false},
  "MISC Status Bits":{"Discharge not allowed":false,"Setpoint Timeout":false},
  "Microgrid Status":{"Continious Power Violation":false,"Microgrid Enabled":false,
   "Min System SOC":false,"Over Charge Current":false,"Protect is activated":false,
   "Transition to Ongrid Pending":false},
  "Setpoint Priority":{"BMS":false,"Energy Manager":true,"Full Charge Request":false},
  "System Validation":{"Self test Running":false},
  "nrbatterymodules":2,"secondssincefullcharge":7200,"statebms":"ready",
  "statecorecontrolmodule":"ongrid","stateinverter":"running",
  "timestamp":"Tue Mar 10 18:00:00 2026"}
}""")
BATTERY: dict[str, Any] = json.loads("""{
 "balancechargerequest":0.0,"chargecurrentlimit":39.97,"cyclecount":412.0,
 "dischargecurrentlimit":39.97,"fullchargecapacity":100.0,
 "fullchargecapacitywh":10240.0,"maximumcelltemperature":21.15,
 "maximumcellvoltage":3.257,"maximumcellvoltagenum":0.0,"maximummodulecurrent":0.0,
 "maximummoduledcvoltage":104.15,"maximummoduletemperature":-273.15,
 "minimumcelltemperature":19.85,"minimumcellvoltage":3.251,
 "minimumcellvoltagenum":0.0,"minimummodulecurrent":0.0,
 "minimummoduledcvoltage":104.15,"minimummoduletemperature":-273.15,
 "nominalmoduledcvoltage":102.4,"relativestateofcharge":72.0,
 "remainingcapacity":72.0,"systemalarm":0.0,"systemaveragecurrent":5.731,
 "systemcurrent":5.82,"systemdcvoltage":208.3,"systemstatus":49.0,"systemtime":0.0,
 "systemwarning":0.0,"usableremainingcapacity":65.0
}""")
# A 48 V system (eco 8): much is missing
ECO_8: dict[str, Any] = {
    "fullchargecapacity": 40.359,
    "remainingcapacity": 40.272,
    "systemdcvoltage": 53.307,
}
METERS: list[dict[str, Any]] = json.loads("""[
 {"a_l1":0.52,"a_l2":0,"a_l3":0,"channel":1,"deviceid":4,"direction":"production",
  "error":0,"kwh_exported":0,"kwh_imported":5321.7001953125,"v_l1_l2":0,
  "v_l1_n":231.1,"v_l2_l3":0,"v_l2_n":0,"v_l3_l1":0,"v_l3_n":0,"va_total":120.2,
  "var_total":-3.1,"w_l1":120.1,"w_l2":0,"w_l3":0,"w_total":120.1},
 {"a_l1":5.74,"a_l2":0,"a_l3":0,"channel":2,"deviceid":4,"direction":"consumption",
  "error":0,"kwh_exported":0,"kwh_imported":3987.300048828125,"v_l1_l2":0,
  "v_l1_n":231.0,"v_l2_l3":0,"v_l2_n":0,"v_l3_l1":0,"v_l3_n":0,"va_total":1326.0,
  "var_total":88.0,"w_l1":1320.4,"w_l2":0,"w_l3":0,"w_total":1320.4}
]""")
INVERTER: dict[str, Any] = json.loads("""{
 "fac":49.98,"iac_total":5.24,"ibat":5.9,"ipv":0.0,"pac_microgrid":0.0,
 "pac_total":1200.4,"pbat":1233.1,"phi":-0.82,"ppv":0.0,"sac_total":1210.3,
 "tmax":41.5,"uac":231.2,"ubat":209.0,"upv":0.0
}""")
IO: dict[str, Any] = json.loads("""{
 "DI_1":{"connector":"X23_1","status":0,"usage":""},
 "DI_10":{"connector":"X23_10","status":0,"usage":"Micro CHP"},
 "DO_1":{"connector":"X24_4","status":1,"usage":"DC-CONTACTOR"},
 "DO_12":{"connector":"X24_12","status":0,"usage":"Self Consumption Relay"}
}""")
SCHEDULE = '[{"start":"02:00","stop":"05:00","threshold_p_max":8000}]'
CONFIGURATIONS: dict[str, Any] = {
    "CM_MarketingModuleCapacity": "5500",
    "CN_CascadingRole": "none",
    "DE_Software": "1.25.6",
    "EM_OperatingMode": "2",
    "EM_Prognosis_Charging": "1",
    "EM_RE_ENABLE_MICROGRID": "1",
    "EM_ToU_Schedule": SCHEDULE,
    "EM_USER_INPUT_TIME_ONE": "08:00",
    "EM_USOC": "20",
    "EM_US_GEN_POWER_SET_POINT": "0",
    "IC_BatteryModules": "2",
    "IC_InverterMaxPower_w": "4600",
    "NVM_PfcFixedCosPhi": "1",
    "NVM_PfcIsFixedCosPhiActive": "0",
    "SH_HeaterOperatingMode": "0",
}
# A controller that has just started (3.2)
BOOTING_STATUS: dict[str, Any] = {
    key: "Config"
    if key == "SystemStatus"
    else 0
    if isinstance(value, int | float) and not isinstance(value, bool)
    else value
    for key, value in STATUS.items()
}
BOOTING_LATEST: dict[str, Any] = {
    key: 0 if isinstance(value, int | float) else value for key, value in LATEST.items()
} | {
    "ic_status": LATEST["ic_status"]
    | {
        "nrbatterymodules": 0,
        "secondssincefullcharge": 0,
        "statebms": "not ready",
        "statecorecontrolmodule": "config",
        "timestamp": "Thu Jan 1 01:00:00 1970",
    }
}

SAMPLES: list[Any] = [
    STATUS,
    LATEST,
    BATTERY,
    ECO_8,
    METERS,
    *METERS,
    INVERTER,
    {"status": {key: str(value) for key, value in INVERTER.items()}},
    IO,
    CONFIGURATIONS,
    BOOTING_STATUS,
    BOOTING_LATEST,
]

documents = st.one_of(anything, st.sampled_from(SAMPLES).flatmap(damaged))
