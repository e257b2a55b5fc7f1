using PuppeteerSharp;
using Snakepit.Tests.Functional.Conventions;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Samples;

/// <summary>Tests the page of the web API as its users meet it: in a browser, with fields and buttons found by their names.</summary>
public sealed class WebApiPage
{
    private const string Counts = "#words output";
    private const string Slow = "50000000"; // Python takes seconds to count these primes
    private const string Found = "#primes output";

    [BrowserFact]
    public async Task It_shows_a_result_a_stream_as_it_arrives_and_why_something_is_refused()
    {
        using var sample = await StartAsync();
        await using var browser = await BrowserPage.OpenAsync(sample.Address);

        await browser.TypeAsync("Text", "to be or not to be");
        await browser.ClickAsync("Count words");
        await browser.ShowsAsync(Counts, "to: 2\nbe: 2\nor: 1\nnot: 1");

        await browser.TypeAsync("Text", " ");
        await browser.ClickAsync("Count words");
        await browser.ShowsAsync(Counts, "Python refuses the input: the text has no words");

        await browser.TypeAsync("Primes below", "1");
        await browser.ClickAsync("Count primes");
        await browser.ShowsAsync(Found, "Python refuses the input: below must be 2 to 50,000,000, not 1");
        Assert.Equal("#words,#primes", await ProblemsAsync(browser));

        await browser.TypeAsync("Primes below", Slow);
        await browser.ClickAsync("Count primes");
        await browser.Page.WaitForFunctionAsync(
            "output => document.querySelector('progress').value > 0 && document.querySelector(output).value === ''", Found);
        await browser.ShowsAsync(Found, "3,001,134 primes");
        Assert.Equal(100, await browser.Page.EvaluateExpressionAsync<int>("document.querySelector('progress').value"));
        Assert.Equal("#words", await ProblemsAsync(browser));

        Assert.Equal(0, await sample.StopAsync());
        await browser.ClickAsync("Count words");
        await browser.ShowsAsync(Counts, "The connection to the application has failed.");

        Assert.Empty(browser.Faults);
        Assert.All(browser.Requested, address =>
            Assert.True(address.StartsWith($"{sample.Address}", StringComparison.Ordinal) || address == "data:,", address));
    }

    [BrowserFact]
    public async Task A_second_press_of_a_button_ends_the_request_of_the_first()
    {
        using var sample = await StartAsync();
        await using var browser = await BrowserPage.OpenAsync(sample.Address);
        await browser.TypeAsync("Primes below", Slow);
        await browser.ClickAsync("Count primes");
        await browser.Page.WaitForFunctionAsync("() => document.querySelector('progress').value > 0");
        await browser.TypeAsync("Primes below", "100");
        var ended = new TaskCompletionSource<string>();
        browser.Page.RequestFailed += (_, failed) => ended.TrySetResult(failed.Request.Url);
        await browser.ClickAsync("Count primes");
        Assert.EndsWith(Slow, await ended.Task.InTime(), StringComparison.Ordinal);
        await browser.ShowsAsync(Found, "25 primes");
        Assert.Equal(0, await sample.StopAsync());
    }

    [BrowserFact]
    public async Task It_fits_a_phone_and_follows_the_colours_of_the_system()
    {
        using var sample = await StartAsync();
        await using var browser = await BrowserPage.OpenAsync(sample.Address);
        await browser.Page.SetViewportAsync(new ViewPortOptions { Width = 320, Height = 600 });
        Assert.Equal(320, await browser.Page.EvaluateExpressionAsync<int>("document.documentElement.scrollWidth"));

        Assert.Equal("rgb(255, 255, 255)", await BackgroundAsync("light"));
        Assert.Equal("rgb(22, 25, 29)", await BackgroundAsync("dark"));

        async Task<string> BackgroundAsync(string scheme)
        {
            await browser.Page.EmulateMediaFeaturesAsync(
                [new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = scheme }]);
            return await browser.Page.EvaluateExpressionAsync<string>("getComputedStyle(document.body).backgroundColor");
        }
    }

    private static async Task<SampleProcess> StartAsync()
    {
        var sample = await SampleProcess.StartAsync(
            "WebApi",
            Path.Combine(Repository.Root, "samples", "WebApi"),
            new Dictionary<string, string> { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" });
        await sample.PrintsAsync("Application started");
        return sample;
    }

    /// <summary>Returns the forms that show a problem.</summary>
    private static Task<string> ProblemsAsync(BrowserPage browser) => browser.Page.EvaluateExpressionAsync<string>(
        "[...document.querySelectorAll('form:has(output.problem)')].map(form => '#' + form.id).join()");
}
