using PublicApiGenerator;

namespace Snakepit.Tests.Functional.Conventions;

public sealed class PublicApi
{
    [Fact]
    public void The_public_api_is_the_verified_one()
    {
        var folder = Path.Combine(Repository.Root, "tests", "Functional", "Conventions");
        var (verified, received) = (Path.Combine(folder, "PublicApi.verified.txt"), Path.Combine(folder, "PublicApi.received.txt"));
        var options = new ApiGeneratorOptions { IncludeAssemblyAttributes = false };
        var api = typeof(SnakepitPool).Assembly.GeneratePublicApi(options).ReplaceLineEndings("\n").TrimEnd() + "\n";
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
