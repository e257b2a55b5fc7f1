using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Worker;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSnakepit();
builder.Services.AddOptions<CorpusOptions>().BindConfiguration("Corpus");
builder.Services.AddHostedService<CorpusEmbedding>();
await builder.Build().RunAsync();
