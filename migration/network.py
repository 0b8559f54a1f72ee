"""The network that follows a system or a closed room: pushed alone, never with changes that nobody looked at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from inventory.access import Access
from inventory.errors import XiangyunError
from inventory.model import Estate
from inventory.scope import scoped
from netconf.extranet import Extranet
from netconf.plan import Plan, accept, applied_digest, make_plan
from netconf.push.transaction import Outcome

TIMER_S = 120
WAIT_S = 60  # for somebody else's push: shorter than what users are told to expect of a move
Say = Callable[[str], None]


class Network:
    """The scope's network as the devices run it, and the one step away from it that is this job's."""

    def __init__(self, state: Path, scope: str | None, access: Access, say: Say) -> None:
        self.state, self.scope, self.access, self.say = state, scope, access, say

    def ready(self, now: Estate, then: Estate) -> None:
        """Raise XiangyunError unless the push of `then` could be done at once: only its own change is open, and every device answers and runs its plan.

        A push that was cut off is finished first, as it was decided; nothing else is touched.
        """
        before, after = self._plan(now), self._plan(then)
        self._extranet(now, before).recover(abort=False)
        extranet = self._extranet(now, before) if self._alone(before, after) == before.digest else self._extranet(then, after)
        if differ := [found.device for found in extranet.diffs(extranet.order()) if found.commands]:
            raise XiangyunError(f"{', '.join(differ)} do not run their plan: look at `xiangyun net diff`, then `xiangyun net push` first")

    def push(self, now: Estate, then: Estate) -> Outcome:
        """Bring the devices from `now` to `then`. Safe to repeat: a push of an earlier try is finished first, and what they run already is left."""
        before, after = self._plan(now), self._plan(then)
        extranet = self._extranet(then, after)
        extranet.recover(abort=False)
        self._alone(before, after)
        accept(after, self.state)
        return extranet.push(TIMER_S, WAIT_S)

    def _alone(self, before: Plan, after: Plan) -> str:
        """The digest of what the devices run, which must be one of the two."""
        known = applied_digest(self.state, self.scope)
        if known is None:
            raise XiangyunError(
                f"the network of scope {self.scope or 'all'} was never pushed: `xiangyun net plan` and `xiangyun net push` first, or give --scope"
            )
        if before.new or known not in (before.digest, after.digest):
            raise XiangyunError("the network has changes that were not pushed, and they may not come along: `xiangyun net plan` and `xiangyun net push` first")
        return known

    def _plan(self, estate: Estate) -> Plan:
        return make_plan(scoped(estate, self.scope), self.scope, self.state)

    def _extranet(self, estate: Estate, plan: Plan) -> Extranet:
        return Extranet(scoped(estate, self.scope), plan, self.access, self.state, self.say)
