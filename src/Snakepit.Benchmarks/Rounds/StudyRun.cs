using System.Collections.Immutable;
using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Reports.Markdown;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>One study, measured and judged.</summary>
/// <param name="Study">The study.</param>
/// <param name="Result">What was measured.</param>
/// <param name="Claims">The verdicts on its claims, in their order.</param>
internal sealed record StudyRun(Study Study, ScenarioResult Result, ImmutableArray<ClaimVerdict> Claims)
{
    /// <summary>Its part of a report.</summary>
    public string ToMarkdown() => MarkdownStudy.Of(Result, Claims, Study.Remarks, Study.Level);
}
