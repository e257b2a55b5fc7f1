using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Comparison;

namespace Snakepit.Benchmarks.Commands;

/// <summary>The exit codes of all commands.</summary>
internal static class ExitCode
{
    /// <summary>Nothing got worse.</summary>
    public const int Pass = 0;

    /// <summary>A metric regressed, or missed its target.</summary>
    public const int Regression = 1;

    /// <summary>The measurement failed, there is nothing to compare with, or the command line is wrong.</summary>
    public const int Broken = 2;

    /// <summary>This machine cannot tell: it is too slow, too noisy, or lacks Python.</summary>
    public const int MachineUnfit = 3;

    /// <summary>The exit code of the gravest outcome; <see cref="Broken"/> if nothing was measured.</summary>
    public static int Of(IReadOnlyCollection<ScenarioVerdict> verdicts)
    {
        var worst = verdicts.Select(verdict => verdict.Outcome).DefaultIfEmpty(GateOutcome.Broken).Max();
        var targets = verdicts.SelectMany(verdict => verdict.Metrics).Select(metric => metric.Target?.Outcome).ToHashSet();
        return worst == GateOutcome.Broken ? Broken
            : worst == GateOutcome.Regressed || targets.Contains(TargetOutcome.Missed) ? Regression
            : worst == GateOutcome.NotComparable ? Broken
            : worst == GateOutcome.Inconclusive || targets.Contains(TargetOutcome.MachineUnfit) ? MachineUnfit
            : Pass;
    }

    /// <summary>
    /// The exit code of a study's claims. A claim that compares two ways of doing the same can fail. A limit in milliseconds or megabytes
    /// is meant for two quiet cores, so that missing it only says that this machine is slower.
    /// </summary>
    public static int OfClaims(IEnumerable<ClaimVerdict> claims)
    {
        var unmet = claims.Where(claim => claim.Claim.AtLeast is not null && claim.Outcome != ClaimOutcome.Holds).ToList();
        return unmet.Exists(claim => claim.Outcome == ClaimOutcome.Fails && claim.Other is not null) ? Regression
            : unmet.Count > 0 ? MachineUnfit
            : Pass;
    }
}
