using AgentVine.Bench;

if (args is not [var program])
{
    await Console.Error.WriteLineAsync("usage: bench.sh (it names the built program; `gateway` in its place measures the gateway alone)");
    return 2;
}

var rows = new List<Measurement> { await GatewayLatency.MeasureAsync(rounds: 1000) };
if (program != "gateway")
{
    await using var fleet = await MeasuredFleet.StartAsync(program);
    rows.AddRange([await fleet.IdleMemoryAsync(), await fleet.FirstModelCallAsync(rounds: 9), await fleet.ListAsync(tasks: 200, rounds: 50)]);
}

Console.WriteLine($"{"measured",-52}{"median",12}{"worst",12}{"target",12}");
foreach (var row in rows)
{
    Console.WriteLine($"{row.Name,-52}{row.Median,9:0.00} {row.Unit,-2}{row.Worst,9:0.00} {row.Unit,-2}{row.Target,9:0.00} {row.Unit,-2}");
}

return rows.All(row => row.Median <= row.Target) ? 0 : 1;
