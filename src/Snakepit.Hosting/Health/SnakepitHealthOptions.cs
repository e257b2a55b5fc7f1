namespace Snakepit.Hosting;

/// <summary>Settings of the health checks of a pool.</summary>
public sealed class SnakepitHealthOptions
{
    /// <summary>
    /// The time that an idle worker may take to answer the check for readiness. Positive. Default: 2 s.
    /// </summary>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The tags of the check for readiness. Default: <c>ready</c>.</summary>
    public IList<string> ReadyTags { get; } = ["ready"];

    /// <summary>The tags of the check for liveness. Default: <c>live</c>.</summary>
    public IList<string> LiveTags { get; } = ["live"];
}
