"""The points of what stands around the inverters (sections 3.11 and 9.6).

EV charger 51, communication module 22, data logger 9, meteo station 5, combiner box 4
and the iHomeManager.
"""

from .base import Kind, hidden, numbered, off, phases, points, shown, status

CHARGER = (
    status(33716, "charging_status", "charger_status", diagnostic=False),
    *points(Kind.CHARGER_POWER, (33708, "charging_power")),
    *off(
        Kind.CHARGER_POWER,
        (33722, "min_charging_power"),
        (33723, "max_charging_power"),
    ),
    *hidden(
        Kind.VOLTAGE,
        *phases("phase_{p}_voltage", 33702, 33704, 33706),
        (33710, "cp_voltage"),
    ),
    *hidden(
        Kind.CURRENT,
        *phases("phase_{p}_current", 33703, 33705, 33707),
        (33728, "max_charging_current"),
        (33729, "min_charging_current"),
    ),
)

COMMUNICATION = (
    *shown(Kind.SIGNAL, (23014, "wlan_signal")),
    *hidden(Kind.NUMBER, (23001, "wireless_signal")),
    *hidden(Kind.COUNT, (23006, "restart_count")),
    *hidden(Kind.TEXT, (23008, "card_id")),
)

LOGGER = (
    *points(Kind.POWER, (10587, "active_power")),
    *points(Kind.ENERGY, (10028, "yield_total")),
    *shown(Kind.SIGNAL, (10511, "wlan_signal"), (10510, "mobile_signal")),
    *off(Kind.POWER, (10026, "total_power")),
    *hidden(Kind.REACTIVE_POWER, (10046, "reactive_power")),
    *hidden(Kind.VOLTAGE, *numbered("ai{n}_voltage", (10555, 10557, 10559, 10561))),
    *hidden(
        Kind.SIGNAL_CURRENT, *numbered("ai{n}_current", (10575, 10576, 10577, 10578))
    ),
    *hidden(Kind.TEMPERATURE, *numbered("pt{n}_temperature", (10563, 10565))),
    *hidden(Kind.CODE, *numbered("do{n}_signal", (10567, 10569, 10571, 10573))),
)

METEO = (
    *points(Kind.IRRADIANCE, (2003, "irradiance"), (2007, "slope_irradiance")),
    *points(
        Kind.IRRADIATION,
        (2001, "irradiation_today"),
        (2005, "slope_irradiation_today"),
    ),
    *off(
        Kind.IRRADIATION,
        (2002, "irradiation_total"),
        (2006, "slope_irradiation_total"),
    ),
    *points(
        Kind.TEMPERATURE,
        (2009, "ambient_temperature"),
        (2010, "module_temperature"),
    ),
    *points(Kind.WIND_SPEED, (2016, "wind_speed")),
    *off(Kind.NUMBER, (2011, "wind_scale")),
    *points(Kind.ANGLE, (2012, "wind_angle")),
    *points(Kind.PRESSURE, (2014, "pressure")),
    *points(Kind.HUMIDITY, (2015, "humidity")),
    *points(Kind.RAIN, (2022, "rainfall"), (2026, "precipitation")),
    *off(Kind.TEMPERATURE, *numbered("temperature_{n}", range(2100, 2105))),
)

COMBINER = (
    *points(Kind.POWER, (1006, "dc_power")),
    *points(Kind.CURRENT, (1005, "dc_current")),
    *points(Kind.VOLTAGE, (1001, "bus_voltage")),
    *points(Kind.TEMPERATURE, (1002, "internal_temperature")),
    *hidden(Kind.CURRENT, *numbered("pv{n}_current", range(1009, 1033))),
)

HOME_MANAGER = (
    *points(Kind.POWER, (88016, "channel1_power")),
    *off(Kind.POWER, *phases("channel1_phase_{p}_power", 88017, 88018, 88019)),
    *points(
        Kind.ENERGY,
        (88034, "channel1_import_total"),
        (88035, "channel1_export_total"),
    ),
)
