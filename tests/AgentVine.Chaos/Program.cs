using AgentVine.Chaos;
using AgentVine.Chaos.Faults;

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
