using Snakepit.Benchmarks.Studies;
using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Reports;
using Snakepit.Tests.Performance.Support;
using Xunit.Abstractions;

namespace Snakepit.Tests.Performance;

[Collection(PerformanceCollection.Name)]
public sealed class TransportsTests(PerformanceSuite suite, ITestOutputHelper output)
{
    private readonly TransportsStudy _study = new();

    /// <summary>
    /// Fails if a claim is certainly wrong. No second session confirms the failure, because the claims are far below what was measured, so
    /// a false alarm is unlikely. Limits in milliseconds and megabytes hold on a machine with two idle cores, so they are only reported.
    /// </summary>
    [SkippableFact]
    public async Task Direct_is_as_much_better_than_gRPC_as_is_claimed()
    {
        var run = await Undecided.WithoutPythonAsync(() => suite.RunOf(_study));
        output.WriteLine(run.ToMarkdown());
        Assert.Empty(ClaimsThat(ClaimOutcome.NotMeasured));
        Assert.Empty(ClaimsThat(ClaimOutcome.Fails));
        if (ClaimsThat(ClaimOutcome.Undecided) is [_, ..] undecided)
        {
            Undecided.Because(
                $"inconclusive: {string.Join("; ", undecided)}; rerun on a quieter machine. Report: {await suite.ReportPathAsync()}");
        }

        Assert.True(suite.SaveProblem is null, $"the claims hold, but the results could not be written: {suite.SaveProblem}");

        List<string> ClaimsThat(ClaimOutcome outcome) =>
        [
            .. run.Claims.Where(verdict => verdict.Claim.Other is not null && verdict.Outcome == outcome)
                .Select(verdict => string.Join(", ", new ClaimRow(verdict).Cells)),
        ];
    }
}
