using AgentVine.Chaos;
using AgentVine.Chaos.Database;
using AgentVine.Chaos.Faults;
using AgentVine.Cli;

if (args is ["serve", ..])
{
    var context = CommandContext.ForProcess(_ => []);
    return await VineCommandLine.RunAsync(context, [new ServeOnPostgres(context)], args);
}

ChaosOptions options;
try
{
    options = ChaosOptions.Parse(args);
}
catch (FormatException fault)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 2;
}

if (options.List)
{
    foreach (var place in FaultPlaces.All)
    {
        Console.WriteLine(place.Name);
    }

    return 0;
}

return await new Suite(options).RunAsync() ? 0 : 1;
