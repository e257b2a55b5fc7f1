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
    /// Fails on what is certainly not so; no second session is asked, because what is claimed is far from what was measured. Limits in milliseconds
    /// and megabytes are those of two quiet cores: the report tells of them.
    /// </summary>
    [SkippableFact]
    public async Task Direct_is_as_much_better_than_gRPC_as_is_claimed()
    {
        var run = await Undecided.WithoutPythonAsync(() => suite.RunOf(_study));
        output.WriteLine(run.ToMarkdown());
        Assert.Empty(Told(ClaimOutcome.NotMeasured));
        Assert.Empty(Told(ClaimOutcome.Fails));
        if (Told(ClaimOutcome.Undecided) is [_, ..] undecided)
        {
            Undecided.Because($"inconclusive: {string.Join("; ", undecided)}; rerun on a quieter machine. Report: {await suite.ReportPathAsync()}");
        }

        List<string> Told(ClaimOutcome outcome) =>
            [.. run.Claims.Where(verdict => verdict.Claim.Other is not null && verdict.Outcome == outcome).Select(verdict => string.Join(", ", new ClaimRow(verdict).Cells))];
    }
}
