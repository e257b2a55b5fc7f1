using System.Diagnostics;
using System.Runtime.InteropServices;
using Snakepit.Benchmarks.Host.Meters;

namespace Snakepit.Benchmarks.Host.Models;

/// <summary>
/// A model that tells the language of a text. One worker has trained it in a session. It is an argument of the calls that use it, so that
/// any worker can make them.
/// </summary>
internal sealed class LanguageModel
{
    private const int Epochs = 20;
    private const double LeastRight = 0.95; // a model that has learned nothing is right once in four times

    private readonly Corpus _corpus;
    private readonly Parameters _model;
    private readonly Dictionary<string, string> _languages;

    private LanguageModel(Corpus corpus, Parameters model, Dictionary<string, string> languages, TimeSpan trainedIn) =>
        (_corpus, _model, _languages, TrainedIn) = (corpus, model, languages, trainedIn);

    /// <summary>How long the training took, from the call to its last epoch.</summary>
    public TimeSpan TrainedIn { get; }

    /// <summary>How many texts the model tells rightly, of those held out.</summary>
    public int Right => _corpus.HeldOut.Count(one => _languages[one.Text] == one.Language);

    /// <summary>Trains a model in a session, and judges it by the texts held out.</summary>
    /// <exception cref="InvalidOperationException">The model is too often wrong, or has been trained for too few epochs.</exception>
    public static async Task<LanguageModel> TrainAsync(SnakepitPool pool, Corpus corpus)
    {
        await using var session = pool.OpenSession("training", AffinityMode.Wait);
        var (texts, labels) = (corpus.ToLearn.Select(one => one.Text), corpus.ToLearn.Select(one => one.Language));
        var (start, check) = (Stopwatch.GetTimestamp(), new ChunkCheck(Epochs));
        await foreach (var epoch in session.StreamAsync<Progress>("train", new { texts, labels, epochs = Epochs, engine = "numpy" }))
        {
            check.Take(epoch.Epoch);
        }

        var trainedIn = Stopwatch.GetElapsedTime(start);
        check.RequireAll();
        var languages = new Dictionary<string, string>();
        foreach (var (text, _) in corpus.HeldOut)
        {
            languages[text] = (await session.ExecuteAsync<Prediction>("predict", new { text })).Label;
        }

        var model = new LanguageModel(corpus, await session.ExecuteAsync<Parameters>("get_model"), languages, trainedIn);
        return model.Right >= LeastRight * corpus.HeldOut.Length ? model : throw new InvalidOperationException(
            $"The model tells the language of {model.Right} of {corpus.HeldOut.Length} texts, and {LeastRight:P0} were expected.");
    }

    /// <summary>Returns a batch of the texts held out, as the arguments of the tool <c>predict_batch_with_embeddings</c>.</summary>
    public Batch BatchOf(int number, int size) =>
        new([.. Enumerable.Range(number * size, size).Select(index => _corpus.HeldOut[index % _corpus.HeldOut.Length].Text)], _model);

    /// <summary>Throws if a call with this model has told a language, or has made a vector, that the training has not.</summary>
    public void RequireRight(Batch batch, Predictions came)
    {
        if (came.Labels.Length != batch.Texts.Length || came.Embeddings.GetLength(0) != batch.Texts.Length)
        {
            throw new InvalidOperationException($"{batch.Texts.Length} texts were sent, and {came.Labels.Length} languages came back.");
        }

        foreach (var (index, text) in batch.Texts.Index())
        {
            var (told, before) = (came.Labels[index], _languages[text]);
            var probability = came.Probabilities[index, Array.IndexOf(came.Classes, told)];
            if (told != before || !(probability > 1.0 / came.Classes.Length))
            {
                throw new InvalidOperationException(
                    $"The language of '{text}' is {told} with a probability of {probability}, and was {before} just after the training.");
            }

            _corpus.RequireVector(text, MemoryMarshal.CreateReadOnlySpan(ref came.Embeddings[index, 0], came.Embeddings.GetLength(1)));
        }
    }

    /// <summary>The parameters of the model, as Python returns and takes them.</summary>
    internal sealed record Parameters(string[] Classes, double[] Mean, double[] Scale, double[,] Weights, double[] Bias);

    /// <summary>The arguments of a call that tells the languages of texts.</summary>
    internal sealed record Batch(string[] Texts, Parameters Model);

    /// <summary>The result of a call that tells the languages of texts.</summary>
    internal sealed record Predictions(string[] Labels, string[] Classes, double[,] Probabilities, float[,] Embeddings);

    private sealed record Progress(int Epoch);

    private sealed record Prediction(string Label);
}
