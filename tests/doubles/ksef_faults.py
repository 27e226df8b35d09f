"""What goes wrong between us and KSeF, from a seed: the same each time it is played."""

from random import Random

# Each happens to a request as often as the others.
KINDS = ("away", "busy", "lost", "closed", "swapped", "stuck", "none")


class Faults:
    """A script of faults for the stand-in.

    ``share`` of the requests go wrong: KSeF is away (503) or takes no more (429), it
    does what it is asked and its answer is lost, it has closed the session, it answers
    about another invoice, or it has not decided about one yet.
    """

    def __init__(self, seed, share):
        self.share = share
        self.met = dict.fromkeys(KINDS, 0)
        self._random = Random(seed)

    def next(self):
        """What happens to the next request."""
        kind = "none"
        if self._random.random() < self.share:
            kind = self._random.choice(KINDS[:-1])
        self.met[kind] += 1
        return kind

    def other(self, references, reference):
        """Another of these references, where there is one."""
        others = [one for one in references if one != reference]
        return self._random.choice(others) if others else reference
