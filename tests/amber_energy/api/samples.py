"""The sample answers of the reference (amber.md section 3)."""

from datetime import UTC, datetime, timedelta, timezone
import json
from typing import Any

SITE = "01J9ZK3V7Q8M2N4P6R8T0W2X4Y"
NMI = "4103123456"
TOKEN = "psk_test"

SITES: list[dict[str, Any]] = json.loads("""[{
 "id":"01J9ZK3V7Q8M2N4P6R8T0W2X4Y","nmi":"4103123456",
 "channels":[{"identifier":"E1","type":"general","tariff":"EA116"},
  {"identifier":"E2","type":"controlledLoad","tariff":"EA030"},
  {"identifier":"B1","type":"feedIn","tariff":"EA029"}],
 "network":"Ausgrid","status":"active","activeFrom":"2024-03-01","intervalLength":5}]""")
CURRENT_PRICES: list[dict[str, Any]] = json.loads("""[
 {"type":"ActualInterval","date":"2026-10-05","duration":5,
  "startTime":"2026-10-05T01:55:01Z","endTime":"2026-10-05T02:00:00Z",
  "nemTime":"2026-10-05T12:00:00+10:00","perKwh":26.90114,"renewables":71.204,
  "spotPerKwh":9.61023,"channelType":"general","spikeStatus":"none",
  "tariffInformation":{"demandWindow":false},"descriptor":"veryLow"},
 {"type":"CurrentInterval","date":"2026-10-05","duration":5,
  "startTime":"2026-10-05T02:00:01Z","endTime":"2026-10-05T02:05:00Z",
  "nemTime":"2026-10-05T12:05:00+10:00","perKwh":27.31842,
  "renewables":70.88200000000001,"spotPerKwh":10.00371,"channelType":"general",
  "spikeStatus":"none","tariffInformation":{"demandWindow":false},
  "descriptor":"veryLow","estimate":false},
 {"type":"ForecastInterval","date":"2026-10-05","duration":5,
  "startTime":"2026-10-05T02:05:01Z","endTime":"2026-10-05T02:10:00Z",
  "nemTime":"2026-10-05T12:10:00+10:00","perKwh":27.9,
  "renewables":70.41372864503915,"spotPerKwh":10.55,"channelType":"general",
  "spikeStatus":"none","tariffInformation":{"demandWindow":false},
  "descriptor":"veryLow",
  "advancedPrice":{"low":24.11872,"predicted":26.05013,"high":28.77401}},
 {"type":"ForecastInterval","date":"2026-10-05","duration":30,
  "startTime":"2026-10-05T08:00:01Z","endTime":"2026-10-05T08:30:00Z",
  "nemTime":"2026-10-05T18:30:00+10:00","perKwh":212.5531,"renewables":22.0718,
  "spotPerKwh":180.2204,"channelType":"general","spikeStatus":"potential",
  "tariffInformation":{"demandWindow":true},"descriptor":"spike",
  "range":{"min":61.3391,"max":402.9},
  "advancedPrice":{"low":49.7123,"predicted":68.3011,"high":131.9022}},
 {"type":"CurrentInterval","date":"2026-10-05","duration":5,
  "startTime":"2026-10-05T02:00:01Z","endTime":"2026-10-05T02:05:00Z",
  "nemTime":"2026-10-05T12:05:00+10:00","perKwh":-6.20417,
  "renewables":70.88200000000001,"spotPerKwh":10.00371,"channelType":"feedIn",
  "spikeStatus":"none","descriptor":"low","estimate":false}]""")
USAGE: list[dict[str, Any]] = json.loads("""[
 {"type":"Usage","duration":5,"date":"2026-10-04","startTime":"2026-10-03T14:00:01Z",
  "endTime":"2026-10-03T14:05:00Z","nemTime":"2026-10-04T00:05:00+10:00",
  "quality":"billable","kwh":0.044,"perKwh":27.31842,"cost":1.202,
  "channelType":"general","channelIdentifier":"E1","renewables":21.6640281,
  "spotPerKwh":10.00371,"spikeStatus":"none",
  "tariffInformation":{"demandWindow":false},"descriptor":"veryLow"},
 {"type":"Usage","duration":5,"date":"2026-10-04","startTime":"2026-10-04T02:00:01Z",
  "endTime":"2026-10-04T02:05:00Z","nemTime":"2026-10-04T12:05:00+10:00",
  "quality":"billable","kwh":0.412,"perKwh":-6.20417,"cost":-2.5561,
  "channelType":"feedIn","channelIdentifier":"B1","renewables":70.9,
  "spotPerKwh":10.00371,"spikeStatus":"none","descriptor":"low"}]""")
RENEWABLES: list[dict[str, Any]] = json.loads("""[
 {"type":"ActualRenewable","date":"2026-10-05","duration":30,
  "startTime":"2026-10-05T01:30:01Z","endTime":"2026-10-05T02:00:00Z",
  "nemTime":"2026-10-05T12:00:00+10:00","renewables":70.1,"descriptor":"great"},
 {"type":"CurrentRenewable","date":"2026-10-05","duration":30,
  "startTime":"2026-10-05T02:00:01Z","endTime":"2026-10-05T02:30:00Z",
  "nemTime":"2026-10-05T12:30:00+10:00","renewables":71.42,"descriptor":"great"},
 {"type":"ForecastRenewable","date":"2026-10-05","duration":30,
  "startTime":"2026-10-05T02:30:01Z","endTime":"2026-10-05T03:00:00Z",
  "nemTime":"2026-10-05T13:00:00+10:00","renewables":72.03871,
  "descriptor":"best"}]""")

NEM = timezone(timedelta(hours=10))


def at(hour: int, minute: int = 0, *, day: int = 5) -> datetime:
    """Return a moment of October 2026 by UTC."""
    return datetime(2026, 10, day, hour, minute, tzinfo=UTC)


def record(
    start: datetime,
    minutes: int = 5,
    *,
    kind: str = "ForecastInterval",
    channel: str = "general",
    price: float | None = 20.0,
    **more: Any,
) -> dict[str, Any]:
    """Return a record of prices as the API sends it; price in cents."""
    end = start + timedelta(minutes=minutes)
    result = {
        "type": kind,
        "date": start.astimezone(NEM).date().isoformat(),
        "duration": minutes,
        "startTime": f"{start:%Y-%m-%dT%H:%M}:01Z",
        "endTime": f"{end:%Y-%m-%dT%H:%M}:00Z",
        "nemTime": end.astimezone(NEM).isoformat(),
        "perKwh": price,
        "renewables": 50.0,
        "spotPerKwh": 10.0,
        "channelType": channel,
        "spikeStatus": "none",
        "descriptor": "neutral",
    }
    if kind == "CurrentInterval":
        result["estimate"] = True
    return {**result, **more}
