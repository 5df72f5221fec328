"""A schedule as people say it: ``0 6 * * 1-5`` is “Monday to Friday at 06:00”. What is rarer than
that stays as it is written.
"""

import re

from babel.dates import get_day_names

from pim.errors import Text, text

TIME = re.compile(r"\d{1,2}")
LIST = re.compile(r"\d{1,2}(,\d{1,2})*")
STEP = re.compile(r"\*/(\d{1,2})")
DAYS = re.compile(r"([0-7])(?:-([0-7]))?")


def in_words(cron: str, language: str) -> Text:
    """The five fields in a sentence without its time zone."""
    fields = cron.split()
    if len(fields) == 5:
        minute, hour, day, month, weekday = fields
        if (day, month, weekday) == ("*", "*", "*"):
            return _daily(minute, hour) or _as_written(cron)
        if (day, month) == ("*", "*") and LIST.fullmatch(hour) and TIME.fullmatch(minute):
            return _weekly(weekday, _times(minute, hour), language) or _as_written(cron)
        if (
            (month, weekday) == ("*", "*")
            and TIME.fullmatch(day)
            and LIST.fullmatch(hour)
            and TIME.fullmatch(minute)
        ):
            return text(
                "on day %(day)s of each month at %(times)s",
                day=int(day),
                times=_times(minute, hour),
            )
    return _as_written(cron)


def _as_written(cron: str) -> Text:
    return text("by the schedule %(cron)s", cron=cron)


def _daily(minute: str, hour: str) -> Text | None:
    step = STEP.fullmatch(minute)
    if hour == "*" and minute in ("*", "*/1"):
        return text("every minute")
    if hour == "*" and step:
        return text("every %(minutes)s minutes", minutes=int(step.group(1)))
    if hour == "*" and LIST.fullmatch(minute):
        return _hourly(minute)
    if TIME.fullmatch(minute) and hour == "*/1":
        return _hourly(minute)
    if TIME.fullmatch(minute) and (step := STEP.fullmatch(hour)):
        return text(
            "every %(hours)s hours at %(time)s", hours=int(step.group(1)), time=f":{int(minute):02}"
        )
    if TIME.fullmatch(minute) and LIST.fullmatch(hour):
        return text("every day at %(times)s", times=_times(minute, hour))
    return None


def _hourly(minute: str) -> Text:
    times = ", ".join(f":{int(one):02}" for one in minute.split(","))
    return text("every hour at %(times)s", times=times)


def _weekly(weekday: str, times: str, language: str) -> Text | None:
    found = DAYS.fullmatch(weekday)
    if found is None:
        return None
    names = get_day_names("wide", locale=language)
    first, last = (None if one is None else names[(int(one) - 1) % 7] for one in found.groups())
    if last is None:
        return text("every %(day)s at %(times)s", day=first, times=times)
    return text("%(first)s to %(last)s at %(times)s", first=first, last=last, times=times)


def _times(minute: str, hours: str) -> str:
    return ", ".join(f"{int(hour):02}:{int(minute):02}" for hour in hours.split(","))
