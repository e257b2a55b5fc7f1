using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Snakepit.AI;

/// <summary>A tool of a pool as a function that a language model can call.</summary>
[RequiresUnreferencedCode(SnakepitPoolAIExtensions.ArgumentsOfAnyType)]
[RequiresDynamicCode(SnakepitPoolAIExtensions.ArgumentsOfAnyType)]
internal sealed class PythonFunction(SnakepitPool pool, ToolDescription tool) : AIFunction
{
    public override string Name => tool.Name;

    public override string Description => tool.Description;

    public override JsonElement JsonSchema { get; } = ToolSchema.OfParameters(tool);

    public override JsonElement? ReturnJsonSchema { get; } = ToolSchema.OfResult(tool);

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        await pool.ExecuteAsync<JsonElement>(
            tool.Name, new Dictionary<string, object?>(arguments), cancellationToken: cancellationToken).ConfigureAwait(false);
}
