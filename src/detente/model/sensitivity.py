"""The questions about what an answer depends on, as methods of `detente.Conflict`.

Like those of `detente.model.questions`, they reach their answers through `detente`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

import detente as dt
from detente.model.preferences import StateReference
from detente.model.questions import Progress, Questions, no_progress


class SensitivityQuestions(Questions):
    """Questions about what would have to change for a different answer, and what made a difference."""

    def whose_word(
        self,
        concepts: Iterable[str] | None = None,
        engine: str = "auto",
        *,
        believe: Iterable[str] = (),
        doubt: Iterable[str] = (),
        leave_open: Iterable[str] = (),
        by_speaker: bool = False,
        samples: int = 10_000,
        seed: int = 0,
        progress: Progress = no_progress,
    ) -> dt.WhoseWord:
        """Find whose claims the answer depends on: the equilibria by which disputed statements are believed.

        Parameters
        ----------
        concepts, engine
            As for `analyze`.
        believe
            Statements that every account believes.
        doubt
            Statements that no account believes.
        leave_open
            Statements that an account may believe or not although no statement disputes them.
        by_speaker
            Whether to analyse also the dispute that each side's statements alone describe.
        samples
            How many accounts to draw if there are more than 20 disputed statements.
        seed
            The number from which the accounts are drawn.
        progress
            As for `analyze`.

        Returns
        -------
        WhoseWord
            For each equilibrium the accounts that have it, and the smallest sets of claims that are sufficient for it.

        Raises
        ------
        UnknownNameError
            For an unknown statement, concept or engine.
        InputError
            If a statement is to be believed and doubted at once.

        Notes
        -----
        1. List the accounts: sets of disputed statements that can be believed together.
        2. For each account, take the model that the rule of evidence gives (`detente.model.evidence`).
        3. Analyse each distinct model once.
        4. Whether a state is an equilibrium is now a Boolean function of what is believed. Its prime implicants are the
           smallest sets of claims that are sufficient for it.

        References
        ----------
        Quine, W. V., "The problem of simplifying truth functions", *American Mathematical Monthly* 59, 1952.

        Examples
        --------
        >>> import detente as dt
        >>> dt.example("ukraine-2023").whose_word(["nash"]).accounts
        32
        """
        return dt.whose_word(
            self._conflict, concepts, engine, believe=believe, doubt=doubt, leave_open=leave_open,
            by_speaker=by_speaker, samples=samples, seed=seed, progress=progress,
        )  # fmt: skip

    def robustness(
        self,
        concepts: Iterable[str] | None = None,
        *,
        samples: int = 10_000,
        seed: int = 0,
        dispersion: float | Mapping[str, float] = 0.2,
        keep: float = 0.9,
        ties: str = "new",
        one_way: str = "as-written",
        threshold: float = 0.5,
        workers: int | None = 1,
        scheduler: str | None = None,
        progress: Progress = no_progress,
    ) -> dt.Robustness:
        """Find in which share of random preference profiles each state is an equilibrium, and what that depends on.

        Parameters
        ----------
        concepts
            Identifiers of stability concepts. Default: Nash, GMR, SMR and SEQ. These and SSEQ are decided for many
            profiles at once, others profile by profile, which takes far longer.
        samples
            How many profiles to draw.
        seed
            The number from which the profiles are drawn. The same seed gives the same profiles, however the work is
            spread; more samples begin with the same profiles.
        dispersion
            φ of the Mallows model, from 0 (the order as written) to 1 (any order): one number, or one for each decision
            maker. Default for decision makers that are not named: 0.2, or what the mapping has for ``*``.
        keep
            The chance that a preference is kept; it multiplies the preference's own confidence.
        ties
            ``new``: break at random the ties that a dropped preference leaves; ``kept``: break none; ``broken``: break
            all.
        one_way
            ``as-written``, ``open`` (every option can go both ways) or ``both``.
        threshold
            The share that states are compared with.
        workers
            The number of processes. Default (None): as many as are worthwhile. In a script, more than one require the
            usual ``if __name__ == "__main__":``.
        scheduler
            The address of a Dask scheduler, whose cluster then does the work; needs the ``cluster`` extra.
        progress
            As for `analyze`.

        Returns
        -------
        Robustness
            The share of each state with its interval, and the changes of preferences that make the most difference.

        Raises
        ------
        InputError
            For a number out of its range, or a conflict without feasible states.
        UnknownNameError
            For an unknown concept, decision maker or one-way assumption.
        TooLargeError
            If there are too many states or moves, with the figure.
        WorkersError
            If a cluster cannot be reached, or workers are lost repeatedly.

        Notes
        -----
        1. Draw preference profiles: each preference is kept with its confidence, and the order of the kept ones is
           drawn from a Mallows model around the order as written.
        2. Analyse every profile, and count for each state the profiles in which it is an equilibrium.
        3. Give each share with a 95% Wilson interval.
        4. For each small change of preferences, compare the shares with and without it.

        References
        ----------
        L. Fang, K. W. Hipel and D. M. Kilgour, *Interactive Decision Making*, Wiley, 1993, ch. 6. C. L. Mallows,
        "Non-null ranking models", *Biometrika* 44, 1957.

        Examples
        --------
        >>> import detente as dt
        >>> dt.example("chicken").robustness(["nash"], samples=200).share(2, "nash").share
        0.68
        """
        return dt.robustness(
            self._conflict, concepts, samples=samples, seed=seed, dispersion=dispersion, keep=keep, ties=ties,
            one_way=one_way, threshold=threshold, workers=workers, scheduler=scheduler, progress=progress,
        )  # fmt: skip

    def invert(
        self,
        state: StateReference,
        concept: str = "nash",
        *,
        costs: Mapping[str, int | float | str | Fraction] | None = None,
        fixed: Iterable[str] = (),
        limit: int = 20,
        progress: Progress = no_progress,
    ) -> dt.Inversion:
        """Find the smallest changes of preferences that make a state an equilibrium.

        Parameters
        ----------
        state
            The state wanted: a number, a Y/N pattern or a name.
        concept
            One of ``nash``, ``gmr``, ``smr``, ``seq`` and ``sseq``.
        costs
            The cost of an edit by decision maker, more than 0. Default: 1. An infinite cost has the effect of
            ``fixed``.
        fixed
            The decision makers whose preferences cannot be changed.
        limit
            The maximum number of smallest changes to list.
        progress
            As for `analyze`.

        Returns
        -------
        Inversion
            The smallest changes and their cost, or the reason why no change is sufficient.

        Raises
        ------
        UnknownNameError
            For an unknown state or decision maker, or a concept for which the question cannot be asked.
        InputError
            For a cost that is not a positive number.
        TooLargeError
            If there are too many moves, or too many states in a ranking, with the figure.
        MissingSolverError
            If the extra ``inverse`` is not installed.

        Notes
        -----
        1. An edit moves, reverses, drops or adds a preference; in a ranking it swaps two neighbouring states.
        2. Write as a constraint program that the state is stable for every player after the edits.
        3. Minimise first the cost of the edits, then the importance of the preferences that they touch.
        4. Analyse the conflict with each change that was found, to verify it.

        References
        ----------
        R. A. Kinsara, D. M. Kilgour and K. W. Hipel, "Inverse approach to the graph model for conflict resolution",
        *IEEE Transactions on Systems, Man, and Cybernetics: Systems* 45, 2015.

        Examples
        --------
        >>> import detente as dt
        >>> answer = dt.example("chicken").invert("YY")
        >>> int(answer.cost), len(answer.changes)
        (2, 1)
        """
        return dt.invert(self._conflict, state, concept, costs=costs, fixed=fixed, limit=limit, progress=progress)

    def third_party(
        self, state: StateReference, concept: str = "nash", *, size: int = 3, progress: Progress = no_progress
    ) -> dt.Intervention:
        """Find the smallest sets of options that a third party could hold to make a state an equilibrium.

        Parameters
        ----------
        state
            The state wanted: a number, a Y/N pattern or a name.
        concept
            One of ``nash``, ``gmr``, ``smr``, ``seq`` and ``sseq``.
        size
            The number of options up to which sets are tried; larger sets are tried if none of these is sufficient.
        progress
            As for `analyze`.

        Returns
        -------
        Intervention
            The smallest sets of options, each with whether an option is held as taken or as not taken.

        Raises
        ------
        UnknownNameError
            For an unknown state, or a concept for which the question cannot be asked.
        TooLargeError
            If there are more than 20,000 sets to try, with the figure.

        Notes
        -----
        1. An option that is held stays as it is at the state wanted.
        2. Try sets of one option, then of two, and so on; skip sets that contain a sufficient one.
        3. Analyse the conflict with the options of each set held.

        References
        ----------
        H. Sakamoto, A. Hagihara and K. W. Hipel, "Coordination process by a third party in the conflict between
        Bangladesh and India over regulation of the Ganges River", *IEEE International Conference on Systems, Man and
        Cybernetics*, 2005.

        Examples
        --------
        >>> import detente as dt
        >>> [held.options for held in dt.example("chicken").third_party("YY").holdings]
        [(('swerve-row', True), ('swerve-column', True))]
        """
        return dt.third_party(self._conflict, state, concept, size=size, progress=progress)

    def compare(
        self,
        other: dt.Conflict,
        concepts: Iterable[str] | None = None,
        engine: str = "auto",
        *,
        progress: Progress = no_progress,
    ) -> dt.Comparison:
        """Find the changes in a later version, and the effect of each change on the equilibria.

        Parameters
        ----------
        other
            The later version. Decision makers and options are the same if their identifiers are, or if their names are
            and nothing else has that name; `Comparison.pairs` lists the second kind.
        concepts, engine, progress
            As for `analyze`.

        Returns
        -------
        Comparison
            The changes, and the equilibria that each brought or removed.

        Raises
        ------
        InputError
            If an option belongs to another decision maker in the other version, or coalitions differ.

        Notes
        -----
        1. Put both versions into one frame with all decision makers and options of either.
        2. Make every change alone, to see its effect on the first version.
        3. Make all changes but one, to see which equilibria need that one.

        Examples
        --------
        >>> import detente as dt
        >>> first = dt.example("chicken")
        >>> later = first.replaced(one_way={"swerve-row": True})
        >>> len(first.compare(later, ["nash"]).changes)
        1
        """
        return dt.compare(self._conflict, other, concepts, engine, progress=progress)

    def compare_outcomes(
        self,
        first: StateReference,
        second: StateReference,
        concepts: Iterable[str] | None = None,
        engine: str = "auto",
    ) -> dt.OutcomeComparison:
        """Compare two outcomes: who takes what, who prefers which, the steps between them, for whom each is stable.

        Parameters
        ----------
        first, second
            The outcomes: each a number, a Y/N pattern or a name.
        concepts, engine
            As for `analyze`.

        Returns
        -------
        OutcomeComparison
            The ranks of both outcomes, the ways between them, and the analysis.

        Raises
        ------
        UnknownNameError
            For an unknown state.
        TooLargeError
            If there are too many states to list.

        Notes
        -----
        1. Rank both outcomes for every decision maker.
        2. Search the improvements for a way from each to the other; without one, search for the fewest concessions.
        3. Look up for whom each is stable under every concept.

        Examples
        --------
        >>> import detente as dt
        >>> dt.example("chicken").compare_outcomes(2, 3).ranks["row"][:2]
        (3, 1)
        """
        return dt.compare_outcomes(self._conflict, first, second, concepts, engine)

    def compare_days(
        self,
        *days: str,
        concepts: Iterable[str] | None = None,
        engine: str = "auto",
        undated: str = "latest",
        progress: Progress = no_progress,
    ) -> tuple[dt.Comparison, ...]:
        """Compare the dispute with itself on several days, each with the one before it.

        Parameters
        ----------
        days
            Two or more dates, in the order in which they are compared.
        concepts, engine, progress
            As for `compare`.
        undated
            The reading of vague dates, ``latest`` or ``earliest``.

        Returns
        -------
        tuple of Comparison
            One for each pair of neighbouring days.

        Raises
        ------
        InputError
            For fewer than two days, or text that is not a date.

        Notes
        -----
        1. Take the model of each day.
        2. Compare each with the one before it, as `compare` does.

        Examples
        --------
        >>> import detente as dt
        >>> len(dt.example("ukraine-2023").compare_days("2022-03", "2023", concepts=["nash"]))
        1
        """
        return dt.compare_days(self._conflict, days, concepts, engine, undated=undated, progress=progress)

    def timeline(
        self,
        concepts: Iterable[str] | None = None,
        engine: str = "auto",
        *,
        parties: Iterable[str] = (),
        matters: Iterable[str] = (),
        first: str | None = None,
        last: str | None = None,
        believe: Iterable[str] = (),
        doubt: Iterable[str] = (),
        undated: str = "latest",
        progress: Progress = no_progress,
    ) -> dt.Timeline:
        """Find since when the dispute has been stuck, through which statements and acts, and who held which position.

        Parameters
        ----------
        concepts, engine, progress
            As for `analyze`.
        parties, matters
            Identifiers of decision makers and of options: only their positions are listed. Default: all.
        first, last
            Dates: only periods and positions between the first day of the one and the last day of the other are listed.
        believe, doubt
            Statements that are believed, whatever contests them, and statements that are not. Default: all disputed
            statements are used, on both sides, as `analyze` uses them.
        undated
            The reading of vague dates, ``latest`` or ``earliest``.

        Returns
        -------
        Timeline
            The positions of each party on each matter, and the periods of the dispute with their equilibria.

        Raises
        ------
        UnknownNameError
            For an unknown decision maker, option, statement, concept or reading.
        InputError
            For text that is not a date, a window that ends before it begins, or beliefs that exclude each other.
        TooLargeError
            If a period's equilibria cannot be listed.

        Notes
        -----
        1. Collect the days on which a statement begins to count, an act counts, or an element's own dates begin or end.
        2. On each, compare the statements in force, the status quo and the dated elements with those of the day before;
           where they differ, a period begins.
        3. Solve the model of each period; equal models are solved once.
        4. For each party and option, follow the stance of the statements in force that were said last.

        A period has ``reason`` and no verdict on a day without a status quo, without preferences of a party that can
        move, or on which no party can move.

        Examples
        --------
        >>> import detente as dt
        >>> found = dt.example("nile-dam").timeline(["nash"])
        >>> [period.first.isoformat() for period in found.periods if period.first]
        ['2015-12-31', '2021-06-28', '2021-07-05', '2021-07-08', '2021-07-09']
        """
        return dt.timeline(
            self._conflict,
            concepts,
            engine,
            parties=parties,
            matters=matters,
            first=first,
            last=last,
            believe=believe,
            doubt=doubt,
            undated=undated,
            progress=progress,
        )
