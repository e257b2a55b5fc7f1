using OpenTelemetry.Trace;
using PublicApiGenerator;
using Snakepit.AI;
using Snakepit.Hosting;

namespace Snakepit.Tests.Functional.Conventions;

public sealed class PublicApi
{
    [Theory]
    [InlineData(typeof(SnakepitPool), "PublicApi")]
    [InlineData(typeof(HostedPool), "PublicApi.Hosting")]
    [InlineData(typeof(SnakepitTracerProviderBuilderExtensions), "PublicApi.OpenTelemetry")]
    [InlineData(typeof(SnakepitPoolAIExtensions), "PublicApi.AI")]
    public void The_public_api_is_the_verified_one(Type typeOfTheAssembly, string name)
    {
        var folder = Path.Combine(Repository.Root, "tests", "Functional", "Conventions");
        var (verified, received) = (Path.Combine(folder, $"{name}.verified.txt"), Path.Combine(folder, $"{name}.received.txt"));
        // The generator leaves out types in namespaces that begin with Microsoft or System, unless it is told not to.
        var options = new ApiGeneratorOptions { IncludeAssemblyAttributes = false, DenyNamespacePrefixes = [] };
        var api = typeOfTheAssembly.Assembly.GeneratePublicApi(options).ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (File.Exists(verified) && File.ReadAllText(verified).ReplaceLineEndings("\n") == api)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, api);
        Assert.Fail(
            $"The public API has changed. Compare {received} with {verified}; if the change is wanted, replace the second by the first.");
    }
}
