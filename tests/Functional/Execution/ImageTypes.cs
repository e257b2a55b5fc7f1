using System.Text.Json.Serialization;

namespace Snakepit.Tests.Functional.Execution;

// The page on calls shows the rest of this file, as the example of a call without reflection.
internal sealed record Blurring(byte[,] Image, int Radius);

[JsonSerializable(typeof(Blurring))]
[JsonSerializable(typeof(byte[,]))]
internal sealed partial class ImageTypes : JsonSerializerContext;
