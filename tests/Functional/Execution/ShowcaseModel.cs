using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>
/// Tests that the showcase's model learns to tell languages from real texts, and that vectors of near texts are near. A model that has
/// learned nothing is right once in four times.
/// </summary>
public abstract class ShowcaseModel<T>(ArrayShowcasePool<T> showcase) : IClassFixture<ArrayShowcasePool<T>>
    where T : ITestTransport
{
    private static readonly string[] Texts =
    [
        "The weather is nice today and the children are playing in the garden with their friends.",
        "Il fait beau aujourd'hui et les enfants jouent dans le jardin avec leurs amis.",
        "Hoy hace buen tiempo y los niños están jugando en el jardín con sus amigos.",
        "Сегодня хорошая погода, и дети играют в саду со своими друзьями.",
    ];

    private static readonly string[] Languages = ["English", "French", "Spanish", "Russian"];

    private readonly SnakepitPool _pool = showcase.Pool;

    private sealed record Samples(string[] Classes, string[] Texts, string[] Labels, string Source, string Licence);

    private sealed record Epoch(
        [property: JsonPropertyName("epoch")] int Number,
        int Epochs,
        double Loss,
        double Accuracy,
        [property: JsonPropertyName("held_out_accuracy")] double HeldOutAccuracy);

    private sealed record Validation(double[] Accuracies, double Mean, double Std);

    private sealed record Prediction(string Label, Dictionary<string, double> Probabilities);

    private sealed record Predictions(string[] Labels, string[] Classes, double[,] Probabilities, float[,] Embeddings);

    private sealed record Model(string[] Classes, double[] Mean, double[] Scale, double[,] Weights, double[] Bias);

    private sealed record Prepared(
        string[] Classes,
        double[,] Features,
        long[] Labels,
        [property: JsonPropertyName("held_out_features")] double[,] HeldOutFeatures,
        [property: JsonPropertyName("held_out_labels")] long[] HeldOutLabels);

    [NumpyFact]
    public async Task Each_epoch_is_streamed_and_the_model_tells_texts_that_it_has_never_seen()
    {
        await using var session = _pool.OpenSession("training", AffinityMode.Wait);
        var epochs = await session.StreamAsync<Epoch>("train", new { engine = "numpy" }).ToListAsync().InTime();
        Assert.Equal(Enumerable.Range(1, 20), epochs.Select(static epoch => epoch.Number));
        Assert.InRange(epochs[^1].Loss, 0, epochs[0].Loss / 2);
        Assert.InRange(epochs[^1].HeldOutAccuracy, 0.95, 1);

        var one = await session.ExecuteAsync<Prediction>("predict", new { text = Texts[1] }).InTime();
        Assert.Equal("French", one.Label);
        Assert.Equal(1, one.Probabilities.Values.Sum(), 9);
        var all = await session.ExecuteAsync<Predictions>("predict_batch_with_embeddings", new { texts = Texts }).InTime();
        Assert.Equal(Languages, all.Labels);
        Assert.Equal(one.Probabilities["French"], all.Probabilities[1, Array.IndexOf(all.Classes, "French")], 9);
        var embedding = await _pool.ExecuteAsync<float[]>("create_embedding", new { text = Texts[1] }).InTime();
        Assert.Equal(embedding, Enumerable.Range(0, 256).Select(column => all.Embeddings[1, column]));
    }

    [NumpyFact]
    public async Task A_model_of_one_session_can_be_given_to_any_call()
    {
        await using var session = _pool.OpenSession("giving", AffinityMode.Wait);
        await session.StreamAsync<Epoch>("train", new { epochs = 5, engine = "numpy" }).ToListAsync().InTime();
        var model = await session.ExecuteAsync<Model>("get_model").InTime();
        Assert.Equal((256, 4), (model.Weights.GetLength(0), model.Weights.GetLength(1)));
        var batch = await _pool.ExecuteAsync<Predictions>("predict_batch_with_embeddings", new { texts = Texts, model }).InTime();
        Assert.Equal(Languages, batch.Labels);
        var refused = await Assert.ThrowsAsync<PythonException>(
            () => _pool.ExecuteAsync<Prediction>("predict", new { text = Texts[0] }).InTime());
        Assert.Contains("open one with OpenSession", refused.PythonMessage, StringComparison.Ordinal);
    }

    [NumpyFact]
    public async Task Every_engine_that_is_there_is_validated_by_texts_held_out()
    {
        foreach (var engine in (string[])["numpy", "auto"])
        {
            var found = await _pool.ExecuteAsync<Validation>("cross_validate", new { folds = 4, engine }).InTime();
            Assert.Equal(4, found.Accuracies.Length);
            Assert.Equal(found.Accuracies.Average(), found.Mean, 9);
            Assert.InRange(found.Mean, 0.95, 1);
        }
    }

    [NumpyFact]
    public async Task Labels_that_say_nothing_about_their_texts_cannot_be_learned()
    {
        var samples = await _pool.ExecuteAsync<Samples>("load_sample_data").InTime();
        Assert.Equal((232, 232, "public domain"), (samples.Texts.Length, samples.Labels.Length, samples.Licence));
        var labels = samples.Labels.Select((_, index) => samples.Classes[index % 4]).ToArray();
        var given = new { texts = samples.Texts, labels, engine = "numpy" };
        var found = await _pool.ExecuteAsync<Validation>("cross_validate", given).InTime();
        Assert.InRange(found.Mean, 0, 0.5);
    }

    [NumpyFact]
    public async Task Data_is_prepared_in_a_part_to_learn_from_and_one_to_judge_by()
    {
        var prepared = await _pool.ExecuteAsync<Prepared>("preprocess", new { dimensions = 64, seed = 2 }).InTime();
        Assert.Equal((176, 64), (prepared.Features.GetLength(0), prepared.Features.GetLength(1)));
        Assert.Equal((176, 56, 56), (prepared.Labels.Length, prepared.HeldOutLabels.Length, prepared.HeldOutFeatures.GetLength(0)));
        var column = Enumerable.Range(0, 176).Select(row => prepared.Features[row, 5]).ToArray();
        Assert.Equal(0, column.Average(), 9);
        Assert.Equal(1, column.Average(static number => number * number), 9);
    }

    [NumpyFact]
    public async Task Vectors_of_near_texts_are_near()
    {
        async Task<float[]> VectorOf(string text) =>
            await _pool.ExecuteAsync<float[]>("create_embedding", new { text, dimensions = 512 }).InTime();

        var cat = await VectorOf("The cat sleeps on the warm sofa in the living room.");
        var sameCat = await VectorOf("A cat is sleeping on the sofa of our living room.");
        var bank = await VectorOf("Interest rates of the central bank rose by two percent.");
        Assert.Equal(512, cat.Length);
        Assert.Equal(1, TensorPrimitives.Norm<float>(cat), 5);
        var (near, far) = (TensorPrimitives.CosineSimilarity<float>(cat, sameCat), TensorPrimitives.CosineSimilarity<float>(cat, bank));
        Assert.True(near > far + 0.2, $"the near text is {near} near, and the other one {far}");
    }
}

public sealed class ShowcaseModelOverGrpc(ArrayShowcasePool<OverGrpc> showcase) : ShowcaseModel<OverGrpc>(showcase);

public sealed class ShowcaseModelOverDirect(ArrayShowcasePool<OverDirect> showcase) : ShowcaseModel<OverDirect>(showcase);
