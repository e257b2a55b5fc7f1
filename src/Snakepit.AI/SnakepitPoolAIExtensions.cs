using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace Snakepit.AI;

/// <summary>Makes functions for language models of the tools of a pool.</summary>
public static class SnakepitPoolAIExtensions
{
    /// <summary>
    /// Returns a function for each tool of the pool that returns one result, for <see cref="ChatOptions.Tools"/>. Tools that stream are
    /// left out. Name, description and schema are those of the Python function.
    /// </summary>
    /// <param name="pool">The pool whose tools are called. It must live as long as the functions are used.</param>
    /// <param name="cancellationToken">Cancels the question for the tools.</param>
    /// <exception cref="SnakepitException">No worker could tell its tools; the type of the exception says why.</exception>
    [RequiresUnreferencedCode(ArgumentsOfAnyType)]
    [RequiresDynamicCode(ArgumentsOfAnyType)]
    public static async Task<IReadOnlyList<AIFunction>> ListAIFunctionsAsync(
        this SnakepitPool pool, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pool);
        var tools = await pool.ListToolsAsync(cancellationToken).ConfigureAwait(false);
        return [.. tools.Where(tool => !tool.IsStreaming).Select(tool => new PythonFunction(pool, tool))];
    }

    internal const string ArgumentsOfAnyType =
        "Arguments that code has given, and not a model, may be objects of any type, whose properties are found by reflection.";
}
