using Snakepit;

namespace WebApi;

/// <summary>What the application asks Python about texts. Tests of the application replace it by a fake.</summary>
internal interface ITexts
{
    Task<Dictionary<string, int>> CountWordsAsync(string text, CancellationToken cancellationToken);
}

/// <summary>Asks the tools in text_tools.py.</summary>
internal sealed class PythonTexts([FromKeyedServices("text")] SnakepitPool pool) : ITexts
{
    public Task<Dictionary<string, int>> CountWordsAsync(string text, CancellationToken cancellationToken) =>
        pool.ExecuteAsync<Dictionary<string, int>>("count_words", new { text }, cancellationToken: cancellationToken);
}
