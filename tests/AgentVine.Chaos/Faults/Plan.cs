namespace AgentVine.Chaos.Faults;

/// <summary>The faults of a run, in order. The same options give the same plan.</summary>
internal static class Plan
{
    public static IReadOnlyList<PlannedFault> Of(ChaosOptions options, IReadOnlyList<FaultPlace> places, int workers, int real)
    {
        // Not Random.Shared, nor a seed of the framework's choosing: this sequence is part of the suite's contract.
        var random = new Random(options.Seed);
        var plan = new List<PlannedFault>();
        for (var round = 0; round < options.Rounds; round++)
        {
            var order = places.Where(place => place.TakesRehearsals).ToArray();
            random.Shuffle(order);
            plan.AddRange(order.Select(place => Draw(place, isReal: false)));
        }

        var realPlaces = places.Where(place => place.TakesRealAgents).ToArray();
        for (var i = 0; i < real && realPlaces.Length > 0; i++)
        {
            if (i % realPlaces.Length == 0)
            {
                random.Shuffle(realPlaces);
            }

            plan.Insert(random.Next(plan.Count + 1), Draw(realPlaces[i % realPlaces.Length], isReal: true));
        }

        return [.. plan.Select((fault, index) => fault with { Number = index + 1 })];

        PlannedFault Draw(FaultPlace place, bool isReal) => new(
            0,
            place,
            isReal,
            random.Next(workers),
            place.Strike == Strike.AtItsPoint ? random.Next(1, 3) : 1,
            TimeSpan.FromMilliseconds(random.Next(4) == 0 ? random.Next(400) : random.Next(20)),
            random.Next(3) == 0 && !options.Quick);
    }
}
