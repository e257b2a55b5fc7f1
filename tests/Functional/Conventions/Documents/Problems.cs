namespace Snakepit.Tests.Functional.Conventions.Documents;

internal static class Problems
{
    /// <summary>
    /// Fails if there are problems, with one problem a line in the message. The messages of xUnit's own assertions would be truncated.
    /// </summary>
    public static void AreNone(IEnumerable<string> problems)
    {
        var all = problems.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all.Prepend("What a document says is not so:")));
    }
}
