using AgentVine.Bench;

if (args is not [var program])
{
    await Console.Error.WriteLineAsync("usage: bench.sh (it names the built program)");
    return 2;
}

await using var fleet = await MeasuredFleet.StartAsync(program);
var rows = new List<Measurement>
{
    await fleet.IdleMemoryAsync(),
    await fleet.FirstModelCallAsync(rounds: 9),
    await fleet.ListAsync(tasks: 200, rounds: 50),
};
Console.WriteLine($"{"measured",-52}{"median",12}{"worst",12}{"target",12}");
foreach (var row in rows)
{
    Console.WriteLine($"{row.Name,-52}{row.Median,9:0.0} {row.Unit,-2}{row.Worst,9:0.0} {row.Unit,-2}{row.Target,9:0.0} {row.Unit,-2}");
}

return rows.All(row => row.Median <= row.Target) ? 0 : 1;
