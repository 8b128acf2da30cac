using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace AgentVine.Architecture.Tests.Metadata;

/// <summary>
/// Which types of an assembly use which others of it: in signatures, base types, attributes and in the code of methods, whatever the
/// sources call them. Constants leave no trace in compiled code; the sources' usings tell of those.
/// </summary>
internal sealed class TypeUses
{
    private readonly MetadataReader _metadata;
    private readonly PEReader _image;

    private TypeUses(PEReader image) => (_image, _metadata) = (image, image.GetMetadataReader());

    /// <summary>Each use once; lambdas and state machines count as the type that they stand in.</summary>
    public static IReadOnlySet<(TypeName User, TypeName Used)> Of(string assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly));
        return new TypeUses(image).Read();
    }

    private HashSet<(TypeName User, TypeName Used)> Read()
    {
        var uses = new HashSet<(TypeName, TypeName)>();
        foreach (var handle in _metadata.TypeDefinitions)
        {
            var user = Outermost(handle);
            var collector = new TypeCollector(_metadata);
            Collect(_metadata.GetTypeDefinition(handle), collector);
            foreach (var used in collector.Found.Select(Outermost).Where(used => used != user))
            {
                uses.Add((user, used));
            }
        }

        return uses;
    }

    private void Collect(TypeDefinition type, TypeCollector collector)
    {
        collector.Add(type.BaseType);
        collector.Add(type.GetCustomAttributes());
        collector.Add(type.GetGenericParameters());
        foreach (var implemented in type.GetInterfaceImplementations())
        {
            collector.Add(_metadata.GetInterfaceImplementation(implemented).Interface);
        }

        foreach (var field in type.GetFields())
        {
            collector.Add(field);
            collector.Add(_metadata.GetFieldDefinition(field).GetCustomAttributes());
        }

        foreach (var handle in type.GetMethods())
        {
            var method = _metadata.GetMethodDefinition(handle);
            collector.Add(handle);
            collector.Add(method.GetCustomAttributes());
            collector.Add(method.GetGenericParameters());
            if (method.RelativeVirtualAddress != 0)
            {
                Collect(_image.GetMethodBody(method.RelativeVirtualAddress), collector);
            }
        }
    }

    private static void Collect(MethodBodyBlock body, TypeCollector collector)
    {
        collector.Add(body.LocalSignature);
        foreach (var region in body.ExceptionRegions)
        {
            collector.Add(region.CatchType);
        }

        foreach (var token in Instructions.Tokens(body.GetILBytes() ?? []))
        {
            collector.Add(MetadataTokens.EntityHandle(token));
        }
    }

    private TypeName Outermost(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil)
        {
            type = _metadata.GetTypeDefinition(type.GetDeclaringType());
        }

        return new TypeName(_metadata.GetString(type.Namespace), _metadata.GetString(type.Name));
    }
}
