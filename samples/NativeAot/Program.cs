using System.Text.Json.Serialization;
using Snakepit;

// Every call gets the descriptions of its types, which the compiler has written. So the program needs no reflection.
var types = OrderTypes.Default;
var prices = new Dictionary<string, decimal> { ["tea"] = 4.5m, ["cup"] = 12.25m };
await using var pool = await SnakepitPool.StartAsync(new SnakepitOptions
{
    Adapter = "order_tools",
    Workers = 2,
    HostTools = new Dictionary<string, HostTool>
    {
        ["price_of"] = HostTool.Create((PriceQuestion question) => prices[question.Article], types.PriceQuestion, types.Decimal),
    },
});

var order = new Order([new Line("tea", 2), new Line("cup", 1)]);
var bill = await pool.ExecuteAsync("bill", order, types.Order, types.Bill);
Console.WriteLine($"{bill.Pieces} pieces cost {bill.Total}");

await foreach (var step in pool.StreamAsync("pack", order, types.Order, types.String))
{
    Console.WriteLine(step);
}

try
{
    await pool.ExecuteAsync("bill", new Order([]), types.Order, types.Bill);
}
catch (PythonException exception)
{
    Console.WriteLine($"{exception.PythonType}: {exception.PythonMessage}");
}

internal sealed record Line(string Article, int Quantity);

internal sealed record Order(Line[] Lines);

internal sealed record Bill(int Pieces, decimal Total);

internal sealed record PriceQuestion(string Article);

[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Bill))]
[JsonSerializable(typeof(PriceQuestion))]
[JsonSerializable(typeof(decimal))]
[JsonSerializable(typeof(string))]
internal sealed partial class OrderTypes : JsonSerializerContext;
