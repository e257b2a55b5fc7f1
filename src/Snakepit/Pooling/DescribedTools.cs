using System.Collections.Immutable;
using Snakepit.Payloads;
using Snakepit.Protocol.V1;

namespace Snakepit.Pooling;

/// <summary>Converts a worker's list of its tools into what users get.</summary>
internal static class DescribedTools
{
    public static ImmutableArray<ToolDescription> Of(ToolList list) => [.. list.Tools.Select(Described)];

    private static ToolDescription Described(Tool tool) => new(
        tool.Name,
        tool.Description,
        tool.Streaming,
        [.. tool.Parameters.Select(parameter => new ToolParameter(
            parameter.Name,
            parameter.Type,
            parameter.Required,
            parameter.DefaultValue.IsEmpty ? null : PayloadCodec.Parse(parameter.DefaultValue.Memory),
            parameter.CollectsRest))],
        tool.Returns);
}
