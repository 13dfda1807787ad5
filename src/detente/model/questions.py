"""The questions that a conflict can be asked, as methods of `detente.Conflict`.

Each question is answered in `detente.analysis`, in the module of the same name. That layer is above this one, so a
question reaches its answer through `detente`, whose table of public names loads the module on first use. No other
module below the analysis imports upwards.

Arguments that several questions take:

- ``concepts`` are identifiers of stability concepts (``nash``, ``gmr``, ``smr``, ``seq``, ``sim``, ``sseq`` and the
  others that ``detente concepts`` lists);
- a state is given by its number, its Y/N pattern or its name; ``status quo`` is a name;
- ``engine`` is ``auto``, ``explicit`` or ``symbolic``;
- ``progress`` is called with the share of the work done, from 0 to 1, and a description of the current step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import cast

import detente as dt
from detente.model.preferences import StateReference

#: Called to report progress: the share of the work done, and a description of the current step.
Progress = Callable[[float, str], None]


def no_progress(share: float, doing: str) -> None:
    """Ignore a progress report."""


class Questions:
    """The base class of the question methods; its only subclass is `detente.Conflict`."""

    @property
    def _conflict(self) -> dt.Conflict:
        return cast("dt.Conflict", self)


class StabilityQuestions(Questions):
    """Questions about which states are stable, and how the parties move between them."""

    def analyze(
        self, concepts: Iterable[str] | None = None, engine: str = "auto", *, progress: Progress = no_progress
    ) -> dt.Analysis:
        """Decide which states are stable for whom, and which are equilibria.

        Parameters
        ----------
        concepts
            Identifiers of stability concepts. Default: Nash, GMR, SMR, SEQ, SIM and SSEQ, without those that are not
            defined for the conflict or too expensive at its size.
        engine
            ``auto`` or the name of an engine.
        progress
            Called with the share of the work done and a description of the current step.

        Returns
        -------
        Analysis
            Which states are stable for each player under each concept, and the equilibria.

        Raises
        ------
        InputError
            If the conflict has no feasible state, or preferences do not fit its states.
        TooLargeError
            If the engine cannot hold the states, with the figure.
        UnknownNameError
            For an unknown concept or engine.

        Notes
        -----
        1. Take the model of the day: the elements whose evidence is in force.
        2. List the feasible states, the moves between them, and how each player ranks them.
        3. A state is stable for a player if the other players can sanction every improvement from it. Which moves
           count as improvements and sanctions depends on the concept.
        4. A state that is stable for every player is an equilibrium.

        References
        ----------
        L. Fang, K. W. Hipel and D. M. Kilgour, *Interactive Decision Making: The Graph Model for Conflict Resolution*,
        Wiley, 1993.

        Examples
        --------
        >>> import detente as dt
        >>> dt.example("chicken").analyze(["nash"]).equilibria("nash")
        (State(2, 'YN', 'only Row swerves'), State(3, 'NY', 'only Column swerves'))
        """
        return dt.analyze(self._conflict, concepts, engine, progress=progress)

    def explain(
        self, state: StateReference, decision_maker: str, concept: str = "nash", engine: str = "auto"
    ) -> dt.Explanation:
        """Explain why a state is stable, or not, for a decision maker or a standing coalition.

        Parameters
        ----------
        state
            The state: a number, a Y/N pattern or a name.
        decision_maker
            The identifier of the decision maker; those of a coalition's members are joined by ``+``.
        concept
            The identifier of a stability concept.
        engine
            As for `analyze`.

        Returns
        -------
        Explanation
            The verdict, and the sanction of every improvement, if it has one.

        Raises
        ------
        UnknownNameError
            For an unknown state, player, concept or engine.

        Notes
        -----
        1. Find the player's improvements from the state.
        2. For each, look for a sanction that the concept allows.
        3. The state is stable if every improvement has one; the first without one is the reason if it is not.

        References
        ----------
        L. Fang, K. W. Hipel and D. M. Kilgour, *Interactive Decision Making: The Graph Model for Conflict Resolution*,
        Wiley, 1993.

        Examples
        --------
        >>> import detente as dt
        >>> dt.example("chicken").explain(1, "row").stable
        False
        """
        return dt.explain(self._conflict, state, decision_maker, concept, engine)

    def overview(
        self,
        concepts: Iterable[str] | None = None,
        engine: str = "auto",
        *,
        changes: bool = True,
        seed: int = 0,
        progress: Progress = no_progress,
    ) -> dt.Overview:
        """Answer on one page: is the dispute stuck, why, what would unstick it, which outcomes would last?

        Parameters
        ----------
        concepts, engine, progress
            As for `analyze`.
        changes
            Also search for changes of preferences, and options for a third party, that would make a named outcome an
            equilibrium.
        seed
            The seed of the random preference profiles.

        Returns
        -------
        Overview
            The answers of the other questions, merged; what was left out, with the reason.

        Raises
        ------
        InputError, TooLargeError, UnknownNameError
            As for `analyze`.

        Notes
        -----
        1. Ask `analyze`, `evolve`, `coalition_analysis`, `whose_word`, `robustness` and `timeline`, each only if the
           conflict is small enough for a quick answer.
        2. For each party take the explanation of the status quo: its improvements, and the sanctions that cancel them.
        3. Merge paths, joint moves, changes of preferences and third parties; rank them by what they ask of the
           parties.
        4. Rank the outcomes that would last: stable under most concepts first, then named ones, then the nearest.
        5. For each option list who is for it and who is against it on the day.

        References
        ----------
        See the questions that it asks.

        Examples
        --------
        >>> import detente as dt
        >>> found = dt.example("nile-dam").overview()
        >>> [(one.kind, one.outcome.number, dict(one.asks)) for one in found.ways][:2]
        [('coalition', 24, {'ethiopia': 1}), ('moves', 38, {'egypt': 1})]
        """
        return dt.overview(self._conflict, concepts, engine, changes=changes, seed=seed, progress=progress)

    def graph(self, engine: str = "auto") -> dt.StateGraph:
        """Return the states and every move between them.

        Parameters
        ----------
        engine
            As for `analyze`.

        Returns
        -------
        StateGraph
            The states, the moves with their owners and whether they are improvements, and each party's ranks.

        Raises
        ------
        TooLargeError
            If there are more than 65,536 states.

        Notes
        -----
        1. List the feasible states.
        2. A player moves between two states that differ in its own options only; one-way options go one way.
        3. A move is an improvement if the player strictly prefers where it ends.

        References
        ----------
        Kilgour, D. M., K. W. Hipel and L. Fang, "The graph model for conflicts", *Automatica* 23, 1987.

        Examples
        --------
        >>> import detente as dt
        >>> len(dt.example("chicken").graph().arcs)
        8
        """
        return dt.state_graph(self._conflict, engine)

    def evolve(
        self,
        start: StateReference = "status quo",
        to: StateReference = "equilibria",
        *,
        by: str = "moves",
        sacrifices: int = 0,
        twice: bool = False,
        simple: bool = False,
        longest: int | None = None,
        concepts: Iterable[str] | None = None,
        engine: str = "auto",
        progress: Progress = no_progress,
    ) -> dt.Evolution:
        """Find how the dispute can get from one state to another, or to its equilibria.

        Parameters
        ----------
        start
            The state from which to start: a number, a Y/N pattern or a name.
        to
            The state to reach, or ``equilibria`` for those under any of ``concepts``.
        by
            ``moves`` for any moves, ``improvements`` for moves that the mover prefers.
        sacrifices
            The maximum number of moves that are not improvements in a path by improvements.
        twice
            Whether a player may move twice in a row.
        simple
            List all simple paths (no state twice), not only the shortest paths.
        longest
            The maximum number of moves in a path.
        concepts
            Identifiers of stability concepts, by which targets are chosen and described. Default: as for `analyze`.
        engine, progress
            As for `analyze`.

        Returns
        -------
        Evolution
            The paths to each target, and what they cost the movers.

        Raises
        ------
        UnknownNameError
            For an unknown state, kind of move, concept or engine.
        InputError
            If there is no status quo to begin from.
        TooLargeError
            If there are too many states or moves to list.

        Notes
        -----
        1. Take as nodes the pairs of a state and its last mover: on a shortest path through the states alone, a player
           might move twice in a row.
        2. Search breadth first for the shortest legal paths to each target.
        3. Search separately for the paths with the fewest sacrifices: moves to states that the mover does not prefer.

        References
        ----------
        K. W. Li, D. M. Kilgour and K. W. Hipel, "Status quo analysis in the graph model for conflict resolution",
        *Journal of the Operational Research Society* 56, 2005. H. Xu, D. M. Kilgour, K. W. Hipel and G. Kemkes, "Using
        matrices to link conflict evolution and resolution in a graph model", *European Journal of Operational
        Research* 207, 2010.

        Examples
        --------
        >>> import detente as dt
        >>> evolution = dt.example("elmira").evolve(by="improvements", concepts=["nash"])
        >>> [(target.state.number, target.reachable) for target in evolution.targets]
        [(5, True), (8, False), (9, False)]
        """
        return dt.evolve(
            self._conflict, start, to, by=by, sacrifices=sacrifices, twice=twice, simple=simple, longest=longest,
            concepts=concepts, engine=engine, progress=progress,
        )  # fmt: skip

    def coalition_analysis(
        self,
        groups: Iterable[Iterable[str]] | None = None,
        concepts: Iterable[str] = ("nash", "gmr", "smr", "seq"),
        *,
        size: int | None = None,
        engine: str = "auto",
        progress: Progress = no_progress,
    ) -> dt.CoalitionAnalysis:
        """Decide which states are stable for which coalitions, and which equilibria a coalition would leave.

        Parameters
        ----------
        groups
            The coalitions, each a list of players. Default: every coalition.
        concepts
            Some of ``nash``, ``gmr``, ``smr`` and ``seq``.
        size
            Without ``groups``, the maximum number of players in a coalition.
        engine, progress
            As for `analyze`.

        Returns
        -------
        CoalitionAnalysis
            The states that are stable for each coalition, and the improvements from one equilibrium to another.

        Raises
        ------
        UnknownNameError
            For an unknown player or concept, or a concept that has no form for coalitions.
        TooLargeError
            If there are too many states or coalitions, with the figure.

        Notes
        -----
        1. A coalition moves by legal sequences of its members' moves; no player moves twice in a row.
        2. A coalition improvement leads to a state that every member strictly prefers.
        3. With these moves and improvements, decide CNash, CGMR, CSMR and CSEQ stability of each state.
        4. A coalition improvement from one individually stable state to another is an equilibrium jump.

        References
        ----------
        D. M. Kilgour, K. W. Hipel, L. Fang and X. Peng, "Coalition analysis in group decision support", *Group Decision
        and Negotiation* 10, 2001. T. Inohara and K. W. Hipel, "Coalition analysis in the graph model for conflict
        resolution", *Systems Engineering* 11, 2008.

        Examples
        --------
        >>> import detente as dt
        >>> jump = dt.example("elmira").coalition_analysis(concepts=["nash"]).jumps[0]
        >>> jump.coalition, jump.start.number, jump.end.number
        (('moe', 'uniroyal'), 5, 8)
        """
        return dt.coalitions(self._conflict, groups, concepts, size=size, engine=engine, progress=progress)

    def perceive(self, concepts: Iterable[str] | None = None, *, progress: Progress = no_progress) -> dt.Perception:
        """Analyse the dispute as each party perceives it (a hypergame).

        Parameters
        ----------
        concepts, progress
            As for `analyze`.

        Returns
        -------
        Perception
            The hypergame equilibria, what each party expects, and who is surprised or mistaken.

        Raises
        ------
        InputError
            If a view leaves no state, or the conflict has standing coalitions.
        TooLargeError
            If there are more than 65,536 states.
        UnknownNameError
            For an unknown concept.

        Notes
        -----
        1. For each party make the game that it perceives: without the options that it does not see, and with the
           preferences that it believes the others to have.
        2. The equilibria of its own game are what it expects.
        3. A state is a hypergame equilibrium if what it looks like to each party is stable for it in its own game.
        4. It is a surprise to a party that did not expect it.

        References
        ----------
        P. G. Bennett, "Toward a theory of hypergames", *Omega* 5, 1977. M. Wang, K. W. Hipel and N. M. Fraser,
        "Modeling misperceptions in games", *Behavioral Science* 33, 1988.

        Examples
        --------
        >>> import detente as dt
        >>> dt.example("unforeseen-relocation").perceive(["nash"]).equilibria["nash"]
        (State(6, 'NYY', 'relocation'),)
        """
        return dt.perceive(self._conflict, concepts, progress=progress)
