using System.Collections.Immutable;
using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Reports.Markdown;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>A study (a comparison of several ways of doing the same thing) that was measured and judged.</summary>
/// <param name="Study">The study that was run.</param>
/// <param name="Result">The measured values.</param>
/// <param name="Claims">The verdicts on the claims of the study, in the order of the claims.</param>
internal sealed record StudyRun(Study Study, ScenarioResult Result, ImmutableArray<ClaimVerdict> Claims)
{
    /// <summary>Returns the section of a report about the study, as Markdown.</summary>
    public string ToMarkdown() => MarkdownStudy.Of(Result, Claims, Study.Remarks, Study.Level);
}
