"""How demand moved while a crawler watched: ads opened and open by month, growth, time to close."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rolediff.results.estimate import Estimate


@dataclass(frozen=True, slots=True)
class RoleDemand:
    """Ads of `role` ("A" or "B") of one source.

    `opened` = ads that opened by month ("2026-03") at employers watched throughout, `open` = ads
    of theirs that were live on the last day of each month; `raw` = ads that came into view by
    month at any employer, which grows with the crawler. `growth` log ratio of ads opened a day
    from one month to the next, `raw_growth` the same of `raw`, `share_growth` that of the role's
    share among all ads opened; `days` until half of the ads are closed; `still` share still open
    after so many days.
    None with their reason in `missing`.
    """

    role: str
    n: int
    employers: int
    opened: Mapping[str, int]
    open: Mapping[str, int]
    raw: Mapping[str, int]
    growth: Estimate | None
    raw_growth: Estimate | None
    share_growth: Estimate | None
    days: Estimate | None
    still: Mapping[int, Estimate]
    missing: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        growth = {"growth": self.growth, "raw": self.raw_growth, "share": self.share_growth}
        return {
            "role": self.role,
            "n": self.n,
            "employers": self.employers,
            "opened": dict(self.opened),
            "open": dict(self.open),
            "came_into_view": dict(self.raw),
            "log_growth_a_month": {
                k: None if e is None else e.to_dict() for k, e in growth.items()
            },
            "days_to_close": None if self.days is None else self.days.to_dict(),
            "still_open": {str(k): e.to_dict() for k, e in self.still.items()},
            "missing": dict(self.missing),
        }


@dataclass(frozen=True, slots=True)
class Demand:
    """What one source shows of two roles between the days `first` and `last` on which it was read.

    `employers` with an ad of any role, `throughout` of them watched from before the first whole
    month on, `lost`
    whose ads all went out of view on one day; `relative` log ratio a month of A's growth over B's.
    """

    source: str
    first: str
    last: str
    employers: int
    throughout: int
    lost: int
    a: RoleDemand
    b: RoleDemand
    relative: Estimate | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "source": self.source,
            "first": self.first,
            "last": self.last,
            "employers": self.employers,
            "throughout": self.throughout,
            "lost": self.lost,
            "a": self.a.to_dict(),
            "b": self.b.to_dict(),
            "log_growth_a_month_a_less_b": None
            if self.relative is None
            else self.relative.to_dict(),
        }
